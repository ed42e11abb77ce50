package org.jbootd.app.settings;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jbootd.http.Trust;

/** {@code ca} and {@code pin}: what a server must show that is asked by https. */
final class TrustSettings {

    private TrustSettings() {}

    /**
     * @param secure whether the server is asked by https
     * @param urlKey the key that says so
     * @return empty when there is a mistake
     */
    static Optional<Trust> from(Section section, Path base, boolean secure, String urlKey) {
        Optional<List<X509Certificate>> issuers = section.optional(
                "ca", file -> Trust.authorities(base.resolve(file).normalize()));
        Optional<List<String>> pins = section.optional(
                "pin", text -> Values.list(text).stream().map(Trust::pin).toList());
        for (String key : List.of("ca", "pin")) {
            if (!secure && section.has(key)) {
                section.mistake(key, "proves nothing of a connection without TLS; write " + urlKey + " = https://…");
                return Optional.empty();
            }
        }
        boolean wrong = section.has("ca") && issuers.isEmpty() || section.has("pin") && pins.isEmpty();
        return wrong ? Optional.empty() : Optional.of(new Trust(issuers.orElse(List.of()), pins.orElse(List.of())));
    }
}
