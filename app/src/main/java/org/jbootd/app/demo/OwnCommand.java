package org.jbootd.app.demo;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How this very program was started, so that it can start itself again in another process. */
final class OwnCommand {

    private OwnCommand() {}

    /**
     * The same Java with the same settings and class path; no arguments of the program.
     *
     * @param mainClass the program
     */
    static List<String> line(Class<?> mainClass) {
        List<String> line = new ArrayList<>();
        line.add(java());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(OwnCommand::concernsEveryProcess)
                .forEach(line::add);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            line.addAll(List.of("-jar", classPath)); // its manifest says more than the class path
        } else {
            line.addAll(List.of("-cp", classPath, mainClass.getName()));
        }
        return line;
    }

    private static String java() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() -> System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    }

    /** A debugger's port, or an agent's file, cannot be had twice. */
    private static boolean concernsEveryProcess(String argument) {
        return !argument.startsWith("-agentlib:")
                && !argument.startsWith("-javaagent:")
                && !argument.startsWith("-Xrunjdwp")
                && !argument.startsWith("-Dcom.sun.management");
    }
}
