package org.jbootd.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jbootd.app.daemon.Explainer;
import org.jbootd.app.daemon.Explanation;
import org.jbootd.app.daemon.Question;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.logging.Logging;
import org.jbootd.app.settings.Architectures;
import org.jbootd.app.settings.LoggerSettings;
import org.jbootd.app.settings.Subnets;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.StoreRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd explain}: how a machine would be answered, and why. */
@Command(
        name = "explain",
        description = "Tell how a machine would be answered, and why; store and send nothing.",
        footer =
                "%nWithout --uuid, --arch and --user-class the machine is an operating system that asks for an address.")
final class ExplainCommand implements Callable<Integer> {

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    @ParentCommand
    private Jbootd jbootd;

    @Spec
    private CommandSpec command;

    @Option(names = "--mac", paramLabel = "MAC", required = true, description = "its MAC address")
    private String mac;

    @Option(names = "--uuid", paramLabel = "UUID", description = "the UUID that its firmware shows")
    private Optional<String> uuid = Optional.empty();

    @Option(
            names = "--client-id",
            paramLabel = "HEX",
            description = "the client identifier that it sends (option 61), as in 01:02:00:00:00:00:01")
    private Optional<String> clientIdentifier = Optional.empty();

    @Option(
            names = "--arch",
            paramLabel = "NAME",
            description = "its architecture, as [bootfile] names it: bios, uefi-x64, 7")
    private Optional<String> architecture = Optional.empty();

    @Option(names = "--user-class", paramLabel = "TEXT", description = "its user class, as in iPXE")
    private Optional<String> userClass = Optional.empty();

    @Option(names = "--giaddr", paramLabel = "ADDRESS", description = "the relay that it is behind")
    private Optional<String> relay = Optional.empty();

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            description = "the interface that its message comes in by; without it the first that is served")
    private Optional<String> device = Optional.empty();

    @Option(
            names = "--file",
            paramLabel = "NAME",
            description = "the file that it asks for by TFTP; without it the boot file")
    private Optional<String> file = Optional.empty();

    @Option(names = "--json", description = "write JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Question question = new Question(
                parsed("--mac", mac, HardwareAddress::parse),
                uuid.map(text -> parsed("--uuid", text, ExplainCommand::uuid)),
                clientIdentifier.map(text -> parsed("--client-id", text, ClientIdentifiers::parse)),
                architecture.map(text -> parsed("--arch", text, ExplainCommand::architecture)),
                userClass,
                relay.map(text -> parsed("--giaddr", text, Ipv4::parse)),
                device,
                file);
        Jbootd.ReadConfiguration read = jbootd.read(new Findings());
        if (read.settings().isEmpty()) {
            return read.status();
        }
        if (read.settings().get().dhcp().isEmpty()) {
            throw new ParameterException(command.commandLine(), "-t leaves out what there is to explain");
        }
        Subnets subnets = read.settings().get().dhcp().get().bootp().subnets();
        device.ifPresent(name -> parsed("--interface", name, text -> served(text, subnets)));
        Logging.set(LoggerSettings.NOTHING);
        try {
            print(Explainer.explain(read.settings().get(), question));
            return Jbootd.FINE;
        } catch (StoreRefused problem) {
            command.commandLine().getErr().println("jbootd: " + problem.getMessage());
            return Jbootd.REFUSED;
        }
    }

    /** {@link UUID#fromString} alone takes what lacks digits. */
    private static UUID uuid(String text) {
        if (!UUID_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a UUID: write it as in 12345678-1234-5678-8123-456789abcdef");
        }
        return UUID.fromString(text);
    }

    private static ClientArchitecture architecture(String text) {
        return Architectures.parse(text).get(0);
    }

    private static HostNetwork served(String device, Subnets subnets) {
        return subnets.interfaces().stream()
                .filter(network -> network.device().equals(device))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("requests that come in by '" + device
                        + "' are not taken; those of these interfaces are: "
                        + subnets.interfaces().stream().map(HostNetwork::device).collect(Collectors.joining(", "))));
    }

    private <T> T parsed(String option, String text, ITypeConverter<T> parser) {
        try {
            return parser.convert(text);
        } catch (Exception problem) {
            throw new ParameterException(
                    command.commandLine(),
                    option + ": " + problem.getMessage(),
                    problem,
                    command.findOption(option),
                    text);
        }
    }

    private void print(Explanation explanation) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(explanation.json());
        } else {
            explanation.lines().forEach(out::println);
        }
        out.flush();
    }
}
