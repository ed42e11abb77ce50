package org.jbootd.app.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jbootd demo}: shows the main job on the loopback interface, with no root and nothing to prepare. */
@Command(
        name = "demo",
        description = "Boot a simulated machine through a real daemon, and kill the daemon on the way. Needs no root"
                + " and no configuration; nothing leaves this computer.")
public final class DemoCommand implements Callable<Integer> {

    private static final int EVERY_STEP_HAPPENED = 0;
    private static final int A_STEP_FAILED = 1;

    @Spec
    private CommandSpec command;

    @Option(names = "--keep", description = "keep the directory with configuration, leases and log")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        Class<?> program = command.root().userObject().getClass();
        DemoSite site = DemoSite.create();
        try (Demo demo = new Demo(site, OwnCommand.line(program), out)) {
            Thread interrupted = new Thread(demo::close, "demo-interrupted");
            Runtime.getRuntime().addShutdownHook(interrupted);
            boolean happened = demo.run();
            Runtime.getRuntime().removeShutdownHook(interrupted);
            return happened ? EVERY_STEP_HAPPENED : A_STEP_FAILED;
        } finally {
            leave(site, out);
        }
    }

    private void leave(DemoSite site, PrintWriter out) {
        if (keep) {
            out.println("Configuration, leases and log are kept in " + site.directory());
        } else {
            site.delete();
        }
        out.flush();
    }
}
