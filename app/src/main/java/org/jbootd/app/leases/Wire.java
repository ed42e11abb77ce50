package org.jbootd.app.leases;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What a command and a running daemon say to each other: each says JSON, a value a line. The command asks
 * ({@link Question}), orders, or wants a copy; the daemon answers with columns and rows, or with what became of each order, or with
 * why not.
 */
final class Wire {

    static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    private Wire() {}

    /**
     * One of three.
     *
     * @param sql asked, or null
     * @param orders given, at most {@link Ledger#MOST_ORDERS}, or null
     * @param mode of the orders
     * @param backup where a copy is wanted, or null
     */
    record Question(String sql, List<Object> arguments, List<OrderText> orders, Ledger.Mode mode, String backup) {

        static Question of(String sql, List<?> arguments) {
            return new Question(sql, List.copyOf(arguments), null, null, null);
        }

        static Question of(Path backup) {
            return new Question(null, null, null, null, backup.toAbsolutePath().toString());
        }

        static Question of(List<Order> orders, Ledger.Mode mode) {
            return new Question(null, null, orders.stream().map(OrderText::of).toList(), mode, null);
        }
    }

    /** An order in texts. @param kind release, reserve or lease @param until null for ever */
    record OrderText(
            String kind, String address, String hardware, String clientIdentifier, String hostName, String until) {

        static OrderText of(Order order) {
            if (order instanceof Order.Reserve reserve) {
                return of("reserve", reserve.client(), reserve.address(), Optional.empty(), null);
            }
            if (order instanceof Order.TakeOver lease) {
                String until =
                        lease.until().equals(Instant.MAX) ? null : lease.until().toString();
                return of("lease", lease.client(), lease.address(), lease.hostName(), until);
            }
            return new OrderText("release", order.address().toString(), null, null, null, null);
        }

        private static OrderText of(
                String kind, ClientIdentity client, Ipv4 address, Optional<String> hostName, String until) {
            return new OrderText(
                    kind,
                    address.toString(),
                    client.hardware().toString(),
                    client.clientIdentifier().map(Octets::toHex).orElse(null),
                    hostName.orElse(null),
                    until);
        }

        /** @throws RuntimeException when it is none */
        Order order() {
            Ipv4 where = Ipv4.parse(address);
            return switch (kind) {
                case "release" -> new Order.Release(where);
                case "reserve" -> new Order.Reserve(client(), where);
                case "lease" ->
                    new Order.TakeOver(
                            client(),
                            Optional.ofNullable(hostName),
                            where,
                            until == null ? Instant.MAX : Instant.parse(until));
                default -> throw new IllegalArgumentException("no order is called " + kind);
            };
        }

        private ClientIdentity client() {
            return new ClientIdentity(
                    HardwareAddress.parseRecorded(hardware),
                    Optional.ofNullable(clientIdentifier).map(Octets::parseHex),
                    Optional.empty());
        }
    }

    /** One line of an answer: exactly one of its parts is there. */
    record Line(List<String> columns, List<Object> row, String done, String problem, Order.Outcome outcome) {

        static Line columns(List<String> names) {
            return new Line(names, null, null, null, null);
        }

        static Line row(List<Object> values) {
            return new Line(null, values, null, null, null);
        }

        static Line done(String what) {
            return new Line(null, null, what, null, null);
        }

        static Line problem(String why) {
            return new Line(null, null, null, why, null);
        }

        static Line outcome(Order.Outcome outcome) {
            return new Line(null, null, null, null, outcome);
        }
    }
}
