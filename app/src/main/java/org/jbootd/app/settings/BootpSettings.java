package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.udp.notify.ListenerAddress;

/**
 * {@code [bootp]}, {@code [subnet NAME]} and {@code [static_dhcp]}.
 *
 * @param serverName for sname
 * @param notified who hears of boots and leases
 * @param uuidOrder how they are told UUIDs
 */
public record BootpSettings(
        Subnets subnets,
        int port,
        int replyPort,
        boolean allowSimpleDhcp,
        boolean authoritative,
        boolean pingCheck,
        String serverName,
        AccessSettings access,
        List<ListenerAddress> notified,
        UuidOrder uuidOrder,
        BootFileSettings bootFiles,
        Hosts hosts) {

    private static final Map<String, UuidOrder> UUID_ORDERS = Map.of("label", UuidOrder.LABEL, "wire", UuidOrder.WIRE);

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<BootpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section bootp = sections.get("bootp");
        refuseWhatIsNotThere(bootp);
        SubnetTerms terms = SubnetTerms.from(bootp, SubnetTerms.USUAL);
        Draft draft = Draft.from(bootp);
        BootFileSettings bootFiles = BootFileSettings.from(sections.get("bootfile"), bootp);
        Machines machines = Machines.from(sections);
        AccessSettings access = AccessSettings.from(sections, machines.hardware(), base, draft.uuidOrder());
        return Subnets.from(sections, terms, machines, host)
                .map(subnets -> new BootpSettings(
                        subnets,
                        draft.port(),
                        draft.replyPort(),
                        draft.allowSimpleDhcp(),
                        draft.authoritative(),
                        draft.pingCheck(),
                        draft.serverName() + "." + terms.domain().orElse("localdomain"),
                        access,
                        draft.notified(),
                        draft.uuidOrder(),
                        bootFiles,
                        machines.hosts()));
    }

    /** Every file name that is told to some machine, to be asked for here. */
    public Set<String> bootFileNames() {
        return bootFiles.namesAnd(
                Stream.concat(subnets.all().stream().flatMap(subnet -> subnet.bootFile().stream()), hosts.bootFiles()));
    }

    private static void refuseWhatIsNotThere(Section bootp) {
        refuseOn(
                bootp,
                "proxy",
                "serving beside another DHCP server is not part of this version; write off, or remove the line");
    }

    private static void refuseOn(Section bootp, String key, String why) {
        bootp.optional(key, text -> {
            if (Values.flag(text)) {
                throw new IllegalArgumentException(why);
            }
            return false;
        });
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
            boolean pingCheck) {

        static Draft from(Section bootp) {
            return new Draft(
                    bootp.optionalEntry("notify", Listeners::from).orElse(List.of()),
                    bootp.optional("uuid_order", Values.word(UUID_ORDERS), UuidOrder.LABEL),
                    bootp.optional("servername", Values::name, "unknown"),
                    bootp.optional("port", Values::port, 67),
                    bootp.optional("reply_port", Values::port, 68),
                    bootp.optional("allow_simple_dhcp", Values::flag, false),
                    bootp.optional("authoritative", Values::flag, true),
                    bootp.optional("ping_check", Values::flag, false));
        }
    }
}
