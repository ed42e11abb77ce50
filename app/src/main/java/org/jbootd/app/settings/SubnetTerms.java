package org.jbootd.app.settings;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What {@code [bootp]} or a {@code [subnet NAME]} says of times, and of what machines are told.
 *
 * @param reclaimAfter empty = never
 * @param tellGateway whether machines are told a router
 * @param gateway the one that the section names
 * @param options further ones, by number
 */
record SubnetTerms(
        Duration leaseTime,
        Duration offerTimeout,
        Duration declineTimeout,
        Optional<Duration> reclaimAfter,
        boolean tellGateway,
        Optional<Ipv4> gateway,
        NameServers nameServers,
        Optional<String> domain,
        Map<Integer, Octets> options) {

    /** Of a file that says nothing. */
    static final SubnetTerms USUAL = new SubnetTerms(
            Duration.ofDays(1),
            Duration.ofSeconds(60),
            Duration.ofDays(1),
            Optional.empty(),
            true,
            Optional.empty(),
            NameServers.NONE,
            Optional.empty(),
            Map.of());

    /** @param inherited holds where the section is silent, all but the gateway: another network has another one */
    static SubnetTerms from(Section section, SubnetTerms inherited) {
        return new SubnetTerms(
                section.optional("lease_time", SubnetTerms::leaseTime, inherited.leaseTime),
                section.optional("offer_timeout", Values::finiteTime, inherited.offerTimeout),
                section.optional("decline_timeout", Values::finiteTime, inherited.declineTimeout),
                section.has("reclaim_after")
                        ? section.optional("reclaim_after", Values::time).filter(time -> !time.equals(Values.NEVER))
                        : inherited.reclaimAfter,
                section.optional("set_gateway", Values::flag, inherited.tellGateway),
                section.optional("gateway", Ipv4::parse),
                section.optionalEntry("dns", NameServers::from).orElse(inherited.nameServers),
                section.optional("domain", Values::name).or(() -> inherited.domain),
                MoreOptions.from(section, inherited.options));
    }

    private static Duration leaseTime(String text) {
        Duration time = Values.time(text);
        return time.equals(Values.NEVER) ? Lease.FOREVER : time;
    }
}
