package org.jbootd.app.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jbootd.domain.net.Ipv4;

/**
 * The networks, made with {@code ip} and {@code nft} in namespaces of the test's own, which are gone when its processes are:
 *
 * <pre>
 *   this namespace: the machines, their relay and the database, 10.77.0.1
 *     lan, a bridge ------ veth ------ eth0 10.77.0.12 in node1
 *                   ------ veth ------ eth0 10.77.0.13 in node2 …
 * </pre>
 *
 * All addresses of the pool are this namespace's own, so that the machines hear what is sent to them.
 */
final class Place {

    static final Ipv4 RELAY = Ipv4.parse("10.77.0.1");
    static final Ipv4 POOL = Ipv4.parse("10.77.128.0");

    /** Addresses from {@link #POOL} on that a pool may have. */
    static final int MOST_ADDRESSES = 32_000;

    private Place() {}

    static void furnish(int nodes) throws IOException, InterruptedException {
        run("ip link set lo up");
        run("ip link add lan type bridge");
        run("ip addr add " + RELAY + "/16 dev lan");
        run("ip link set lan up");
        run("ip route add local " + POOL + "/17 dev lo");
        for (int node = 1; node <= nodes; node++) {
            String name = name(node);
            run("ip netns add " + name);
            run("ip link add to-" + name + " type veth peer name eth0 netns " + name);
            run("ip link set to-" + name + " master lan up");
            run("ip -n " + name + " link set lo up");
            run("ip -n " + name + " addr add " + address(node) + "/16 dev eth0");
            run("ip -n " + name + " link set eth0 up");
            run("ip -n " + name + " route add " + POOL + "/17 via " + RELAY);
        }
    }

    /** What becomes a process in the node's namespace. */
    static List<String> in(int node) {
        return List.of("ip", "netns", "exec", name(node));
    }

    static Ipv4 address(int node) {
        return RELAY.plus(10 + node);
    }

    private static String name(int node) {
        return "node" + node;
    }

    /** Loses whatever the node and others send each other, as far as {@code match} goes. */
    static void cut(int node, String match) throws IOException, InterruptedException {
        run("ip netns exec " + name(node) + " nft add table inet cut");
        for (String hook : List.of("input", "output")) {
            run("ip netns exec " + name(node) + " nft add chain inet cut " + hook + " { type filter hook " + hook
                    + " priority 0 ; }");
            run("ip netns exec " + name(node) + " nft add rule inet cut " + hook + " " + match + " drop");
        }
    }

    static void mend(int node) throws IOException, InterruptedException {
        run("ip netns exec " + name(node) + " nft delete table inet cut");
    }

    private static void run(String command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said.strip());
        }
    }
}
