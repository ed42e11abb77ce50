package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.client.Identification;
import org.jbootd.udp.notify.ListenerAddress;

/**
 * {@code [bootp]}, {@code [subnet NAME]} and {@code [static_dhcp]}.
 *
 * @param identification what clients are known by
 * @param serverName for sname
 * @param notified who hears of boots and leases
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
        BootFileSettings bootFiles) {

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<BootpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section bootp = sections.get("bootp");
        refuseWhatIsNotThere(bootp);
        SubnetTerms terms = SubnetTerms.from(bootp, SubnetTerms.USUAL);
        Draft draft = Draft.from(bootp);
        BootFileSettings bootFiles = BootFileSettings.from(sections.get("bootfile"), bootp);
        Machines machines = Machines.from(sections.get("static_dhcp"));
        AccessSettings access = AccessSettings.from(sections, machines.hardware(), base);
        return Subnets.from(sections, terms, machines, host)
                .map(subnets -> new BootpSettings(
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
                        bootFiles));
    }

    /** Every file name that is told to some machine, to be asked for here. */
    public Set<String> bootFileNames() {
        return bootFiles.namesAnd(subnets.all().stream().flatMap(subnet -> subnet.bootFile().stream()));
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
