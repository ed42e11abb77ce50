package org.jbootd.app.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jbootd demo}: shows the main job on the loopback interface, with no root and nothing to prepare. */
@Command(
        name = "demo",
        description = "Boot a simulated machine through a real daemon, and kill the daemon on the way. Needs no root"
                + " and no configuration; nothing leaves this computer.")
public final class DemoCommand implements Callable<Integer> {

    private static final String KEEP = "--keep";
    private static final int EVERY_STEP_HAPPENED = 0;
    private static final int A_STEP_FAILED = 1;

    /** Generous: a slow computer is no failure. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec command;

    @Option(names = KEEP, description = "keep the directory with configuration, leases and log")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        refuseTheDaemonsOptions();
        PrintWriter out = command.commandLine().getOut();
        Class<?> program = command.root().userObject().getClass();
        DemoSite site = DemoSite.create();
        try (LoopbackWire wire = new LoopbackWire(site.dhcpPort())) {
            return run(new Demo(site, wire, OwnCommand.line(program), PATIENCE, out), site, out);
        }
    }

    /** {@code -c}, {@code -p} and {@code -t} are everybody's; here they would mean nothing. */
    private void refuseTheDaemonsOptions() {
        CommandLine demo = command.commandLine();
        Stream.of(demo.getParent(), demo)
                .flatMap(line -> line.getParseResult().matchedOptions().stream())
                .map(OptionSpec::longestName)
                .filter(name -> !name.equals(KEEP))
                .findFirst()
                .ifPresent(name -> {
                    throw new ParameterException(demo, "the demo has a configuration of its own, and takes no " + name);
                });
    }

    private int run(Demo demo, DemoSite site, PrintWriter out) throws InterruptedException {
        Thread interrupted = new Thread(() -> leave(demo, site, out), "demo-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            return demo.run() ? EVERY_STEP_HAPPENED : A_STEP_FAILED;
        } finally {
            if (forget(interrupted)) {
                leave(demo, site, out);
            }
        }
    }

    /** False when it is running already, which does all there is to do. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return false;
        }
    }

    private void leave(Demo demo, DemoSite site, PrintWriter out) {
        demo.close();
        if (keep) {
            out.println("Configuration, leases and log are kept in " + site.directory());
        } else {
            site.delete();
        }
        out.flush();
    }
}
