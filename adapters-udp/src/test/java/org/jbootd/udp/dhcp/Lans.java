package org.jbootd.udp.dhcp;

import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.Namespace;

/**
 * Virtual cables from a server to its clients: {@code lan0} to {@code c0}, {@code lan1} to {@code c1}, the server's ends with
 * the addresses of {@link TestNetwork}. Needs root; a test that cannot have them is skipped.
 */
final class Lans implements AutoCloseable {

    private static final List<String> SERVERS = List.of("10.77.0.1/24", "10.78.0.1/24");

    private final List<Runnable> held = new ArrayList<>();
    private final List<EthernetTap> taps = new ArrayList<>();
    private final Namespace server;
    private final Namespace clients;

    /** @param count of cables, 1 or 2 */
    Lans(int count) throws Exception {
        server = Namespace.create("server");
        held.add(server::close);
        try {
            clients = Namespace.create("clients");
            held.add(clients::close);
            for (int i = 0; i < count; i++) {
                lay(i);
            }
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private void lay(int number) throws Exception {
        Namespace.cable(server, "lan" + number, clients, "c" + number);
        server.ip("address", "add", SERVERS.get(number), "dev", "lan" + number);
        EthernetTap tap = clients.within(() -> EthernetTap.on("c" + number));
        taps.add(tap);
        held.add(tap::close);
    }

    Namespace server() {
        return server;
    }

    Namespace clients() {
        return clients;
    }

    /** What the clients of a cable send and hear. */
    EthernetTap tap(int number) {
        return taps.get(number);
    }

    /** Of the server's end of a cable. */
    Octets serversMac(int number) throws Exception {
        return server.within(
                () -> Octets.of(NetworkInterface.getByName("lan" + number).getHardwareAddress()));
    }

    /** Starts something at the server's end. */
    void onServer(Runnable start) throws Exception {
        Callable<Void> task = () -> {
            start.run();
            return null;
        };
        server.within(task);
    }

    @Override
    public void close() {
        for (int i = held.size() - 1; i >= 0; i--) {
            held.get(i).run();
        }
        held.clear();
    }
}
