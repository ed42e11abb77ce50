package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.udp.dhcp.DhcpSettings;
import org.jbootd.udp.notify.ListenerAddress;

/**
 * {@code [bootp]}, {@code [subnet NAME]}, {@code [static_dhcp]} and {@code [menu]}.
 *
 * @param identification what clients are known by
 * @param serverName for sname
 * @param notified who hears of boots and leases
 * @param uuidOrder how they are told UUIDs
 * @param proxy whether another server gives the addresses, and this one boot information only
 * @param menu what people choose from where {@code proxy} is on
 */
public record BootpSettings(
        Subnets subnets,
        int port,
        int replyPort,
        boolean allowSimpleDhcp,
        boolean authoritative,
        boolean pingCheck,
        Identification identification,
        String serverName,
        AccessSettings access,
        List<ListenerAddress> notified,
        UuidOrder uuidOrder,
        BootFileSettings bootFiles,
        Hosts hosts,
        boolean proxy,
        Optional<BootMenu> menu) {

    static final String BOOT_SERVER_PORT_IS_TAKEN = DhcpSettings.BOOT_SERVER_PORT
            + " is where firmware asks for what to boot, with [bootp] proxy = on; choose another";

    private static final Map<String, UuidOrder> UUID_ORDERS = Map.of("label", UuidOrder.LABEL, "wire", UuidOrder.WIRE);

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<BootpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section bootp = sections.get("bootp");
        SubnetTerms terms = SubnetTerms.from(bootp, SubnetTerms.USUAL);
        Draft draft = Draft.from(bootp);
        BootFileSettings bootFiles = BootFileSettings.from(sections.get("bootfile"), bootp);
        boolean proxy = bootp.optional("proxy", Values::flag, false);
        Optional<BootMenu> menu =
                MenuSettings.from(sections.get("menu"), bootFiles.ipxe().isEmpty());
        if (proxy) {
            ProxyNetworks.warnOfWhatIsOfNoUse(sections);
            if (draft.port() == DhcpSettings.BOOT_SERVER_PORT) {
                bootp.mistake("port", BOOT_SERVER_PORT_IS_TAKEN);
            }
        } else if (sections.get("menu").isThere()) {
            sections.get("menu").warning("the section is not used without [bootp] proxy = on");
        }
        Machines machines = Machines.from(sections);
        AccessSettings access = AccessSettings.from(sections, machines.hardware(), base, draft.uuidOrder());
        Optional<Subnets> networks =
                proxy ? ProxyNetworks.from(sections, host) : Subnets.from(sections, terms, machines, host);
        return networks.map(subnets -> new BootpSettings(
                subnets,
                draft.port(),
                draft.replyPort(),
                draft.allowSimpleDhcp(),
                draft.authoritative(),
                draft.pingCheck(),
                draft.identification(),
                draft.serverName() + "." + terms.domain().orElse("localdomain"),
                access,
                draft.notified(),
                draft.uuidOrder(),
                bootFiles,
                machines.hosts(),
                proxy,
                menu.filter(found -> proxy)));
    }

    /** Every file name that is told to some machine, to be asked for here. */
    public Set<String> bootFileNames() {
        Stream<String> ofMenu =
                menu.stream().flatMap(found -> found.items().stream()).flatMap(item -> item.file().stream());
        Stream<String> ofSubnets = subnets.all().stream().flatMap(subnet -> subnet.bootFile().stream());
        return bootFiles.namesAnd(
                Stream.of(ofMenu, ofSubnets, hosts.bootFiles()).flatMap(names -> names));
    }

    /** What does not depend on the networks that are served. */
    private record Draft(
            List<ListenerAddress> notified,
            UuidOrder uuidOrder,
            String serverName,
            int port,
            int replyPort,
            boolean allowSimpleDhcp,
            boolean authoritative,
            boolean pingCheck,
            Identification identification) {

        static Draft from(Section bootp) {
            return new Draft(
                    bootp.optionalEntry("notify", Listeners::from).orElse(List.of()),
                    bootp.optional("uuid_order", Values.word(UUID_ORDERS), UuidOrder.LABEL),
                    bootp.optional("servername", Values::name, "unknown"),
                    bootp.optional("port", Values::port, 67),
                    bootp.optional("reply_port", Values::port, 68),
                    bootp.optional("allow_simple_dhcp", Values::flag, false),
                    bootp.optional("authoritative", Values::flag, true),
                    bootp.optional("ping_check", Values::flag, false),
                    bootp.optional("identity", Draft::identification, Identification.HARDWARE));
        }

        private static Identification identification(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "hardware" -> Identification.HARDWARE;
                case "client_id" -> Identification.CLIENT_ID;
                default -> throw new IllegalArgumentException("'" + text + "' is neither hardware nor client_id");
            };
        }
    }
}
