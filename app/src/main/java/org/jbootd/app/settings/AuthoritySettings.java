package org.jbootd.app.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jbootd.acl.Authority;
import org.jbootd.acl.HttpAccess;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.http.Trust;

/** {@code [http]}. */
final class AuthoritySettings {

    /** How long a verdict may take when nothing else is said. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private AuthoritySettings() {}

    /**
     * @param used whether {@code [bootp] access} names it, so that nothing may be missing
     * @param uuidOrder how it is told UUIDs
     * @return empty when a mistake leaves nobody to ask
     */
    static Optional<HttpAccess.Settings> from(
            Section http, Section bootp, Path base, boolean used, UuidOrder uuidOrder) {
        Optional<Duration> timeout = http.optional("timeout", Values::finiteTime);
        Optional<Duration> older = bootp.optional("timeout", Values::finiteTime);
        boolean alwaysCheck = http.optional("always_check", Values::flag, false);
        Optional<Duration> cacheGrant = http.optional("cache_grant", Values::finiteTime);
        if (alwaysCheck && cacheGrant.isPresent()) {
            http.mistake(
                    "cache_grant", "always_check asks at every message, so that no grant is kept; write one of them");
            return Optional.empty();
        }
        Optional<Authority> authority = authority(http, used);
        // without a location nothing is known to be open
        boolean secure = authority.map(Authority::isSecure).orElse(true);
        Optional<Trust> trust = TrustSettings.from(http, base, secure, "location");
        return authority.flatMap(where -> trust.map(shown -> new HttpAccess.Settings(
                where.telling(uuidOrder), shown, timeout.or(() -> older).orElse(TIMEOUT), cacheGrant, alwaysCheck)));
    }

    private static Optional<Authority> authority(Section http, boolean used) {
        Optional<String> location = text(http, "location", "name the server that is asked, as in http://server", used);
        Optional<String> pxe = text(http, "pxe", "name the path that is asked when firmware wants to boot", used);
        Optional<String> dhcp =
                text(http, "dhcp", "name the path that is asked when an operating system wants an address", used);
        if (location.isEmpty() || pxe.isEmpty() || dhcp.isEmpty()) {
            return Optional.empty();
        }
        return http.optional("location", where -> Authority.of(where, pxe.get(), dhcp.get()));
    }

    private static Optional<String> text(Section http, String key, String why, boolean used) {
        return used && http.isThere() ? http.required(key, text -> text, why) : http.optional(key, text -> text);
    }
}
