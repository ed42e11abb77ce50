package org.jbootd.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jbootd.app.leases.Order;
import org.jbootd.app.settings.Machines;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands of {@code jbootd leases} that change leases. */
final class LeaseOrders {

    private LeaseOrders() {}

    /** What all of them have. */
    abstract static class Change implements Callable<Integer> {

        @ParentCommand
        private LeasesCommand leases;

        @Spec
        private CommandSpec command;

        @Mixin
        private Telling telling;

        final int carryOut(LeasesCommand.Use use, Order order) {
            return leases.run(command, use, ledger -> {
                String done = ledger.carryOut(order);
                telling.tell(command.commandLine().getOut(), List.of(done), Map.of("done", done));
                return Jbootd.FINE;
            });
        }

        final Ipv4 address(String text) {
            return LeasesCommand.parsed(command, "ADDRESS", text, Ipv4::parse);
        }

        final HardwareAddress mac(String text) {
            return LeasesCommand.parsed(command, "MAC", text, Machines::machine);
        }

        final Octets identifier(String text) {
            return LeasesCommand.parsed(command, "--client-id", text, ClientIdentifiers::parse);
        }
    }

    /** {@code leases release}. */
    @Command(
            name = "release",
            description = "Take an address back, whoever has it, or end its rest or reservation.",
            footer = "%nThe machine is not told. Until another one gets the address, it gets it again when it asks.")
    static final class Release extends Change {

        @Parameters(paramLabel = "ADDRESS", description = "an IPv4 address")
        private String address;

        @Override
        public Integer call() {
            return carryOut(LeasesCommand.Use.AS_IT_IS, new Order.Release(address(address)));
        }
    }

    /** {@code leases reserve}. */
    @Command(
            name = "reserve",
            description = "Keep an address for a machine, whether it is on or not, until it is released.",
            footer = "%nAn address that the machine has now is over by that: it moves when it renews its lease.")
    static final class Reserve extends Change {

        @Parameters(paramLabel = "ADDRESS", index = "0", description = "an IPv4 address of a pool")
        private String address;

        @Parameters(paramLabel = "MAC", index = "1", description = "of the machine")
        private String mac;

        @Option(
                names = "--client-id",
                paramLabel = "HEX",
                description = "its client identifier, with identity = client_id")
        private Optional<String> clientIdentifier = Optional.empty();

        @Override
        public Integer call() {
            Ipv4 wanted = address(address);
            ClientIdentity client =
                    new ClientIdentity(mac(mac), clientIdentifier.map(this::identifier), Optional.empty());
            return carryOut(LeasesCommand.Use.BEGIN, new Order.Reserve(client, wanted));
        }
    }
}
