package org.jbootd.app.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** {@code [subnet NAME]}: where its network is, seen from this host. */
record NamedSubnet(String name, Section section, SubnetTerms terms, ServedNetwork.Wish wish, HostNetworks host) {

    /** @param main the network of {@code [bootp]}, whose address relays know us by unless the section says otherwise */
    Optional<Site> site(Optional<ServedNetwork> main) {
        if (name.equals(Subnets.MAIN)) {
            section.mistake("network", "'" + name + "' is the name of the network of [bootp]; choose another");
            return Optional.empty();
        }
        Optional<Ipv4Network> network =
                section.required("network", text -> Values.network(text, 1, 30), "give the network, as in 10.2.0.0/24");
        int poolCount = Site.poolCount(section);
        return network.flatMap(found -> served(found, main))
                .map(served -> new Site(section, name, served, terms, poolCount));
    }

    private Optional<ServedNetwork> served(Ipv4Network network, Optional<ServedNetwork> main) {
        Optional<Ipv4> own = section.optional("address", Ipv4::parse);
        if (own.isPresent() && !host.hasAddress(own.get())) {
            section.mistake("address", own.get() + " is not an address of this host; it has " + host);
            return Optional.empty();
        }
        List<HostNetwork> interfaces = onItsWire(network);
        Optional<Ipv4> server = own.or(
                        () -> interfaces.stream().map(HostNetwork::address).findFirst())
                .or(() -> main.map(ServedNetwork::server))
                .or(() -> wish.own())
                .or(() -> known().map(HostNetwork::address));
        if (server.isEmpty()) {
            section.mistake("address", "missing, and this host has no address that relays could know it by");
        }
        interfaces.stream()
                .filter(on -> !on.network().equals(network))
                .forEach(on -> section.warning("network", network + " is not quite that of the interface, " + on));
        return server.map(address -> new ServedNetwork(interfaces, address, network));
    }

    private List<HostNetwork> onItsWire(Ipv4Network network) {
        List<HostNetwork> candidates = host.all().stream()
                .filter(found -> network.contains(found.address()))
                .filter(found ->
                        wish.devices().isEmpty() || wish.devices().get().contains(found.device()))
                .toList();
        return wish.devices().isPresent() ? ServedNetwork.onePerDevice(candidates) : first(candidates);
    }

    private static List<HostNetwork> first(List<HostNetwork> candidates) {
        return candidates.stream().limit(1).toList();
    }

    /** Of the interfaces on which requests from relays are taken, the first. */
    private Optional<HostNetwork> known() {
        return wish.devices()
                .map(devices -> host.all().stream()
                        .filter(found -> found.device().equals(devices.get(0)))
                        .findFirst())
                .orElseGet(() -> everyWire(host).stream().findFirst());
    }

    /** Each interface of this host that leads elsewhere, once. */
    static List<HostNetwork> everyWire(HostNetworks host) {
        Map<String, HostNetwork> byDevice = new LinkedHashMap<>();
        host.all().stream()
                .filter(network -> !network.isLoopback())
                .forEach(network -> byDevice.putIfAbsent(network.device(), network));
        return List.copyOf(byDevice.values());
    }
}
