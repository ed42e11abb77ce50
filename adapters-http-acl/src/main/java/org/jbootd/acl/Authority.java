package org.jbootd.acl;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.http.Credentials;

/**
 * Where to ask: the {@code [http]} section.
 *
 * @param firmware the {@code pxe} path, asked of firmware and boot loaders
 * @param system the {@code dhcp} path, asked of everybody else
 * @param uuidOrder how UUIDs are written
 */
public record Authority(HttpUrl firmware, HttpUrl system, UuidOrder uuidOrder) {

    /** Another scheme, a query, a fragment. */
    private static final Pattern NOT_ASKED = Pattern.compile("(?i)(?!https?:)[a-z][a-z0-9+.-]*://.*|.*[?#][^@]*");

    /**
     * One that is told UUIDs as they are printed.
     *
     * @param location {@code host[:port]}, or with {@code http://} or {@code https://} in front; may hold
     *     {@code user:password@}
     * @throws IllegalArgumentException when this makes no URL
     */
    public static Authority of(String location, String pxePath, String dhcpPath) {
        if (NOT_ASKED.matcher(location).matches()) {
            throw notAnAuthority(location);
        }
        String base = (location.matches("(?i)https?://.*") ? location : "http://" + location).replaceAll("/+$", "");
        Authority authority = new Authority(url(base, pxePath), url(base, dhcpPath), UuidOrder.LABEL);
        Credentials.requireRead(base, authority.firmware());
        return authority;
    }

    public Authority telling(UuidOrder order) {
        return new Authority(firmware, system, order);
    }

    private static HttpUrl url(String base, String path) {
        String joined = base + "/" + path.replaceAll("^/+", "");
        // HttpUrl forgives a missing host by taking the path for one
        HttpUrl url = base.matches("(?i)https?://[^/].*") ? HttpUrl.parse(joined) : null;
        if (url == null) {
            throw notAnAuthority(joined);
        }
        return url;
    }

    private static IllegalArgumentException notAnAuthority(String text) {
        return new IllegalArgumentException("'" + Credentials.hidden(text)
                + "' is not a URL that can be asked: write location = http://server[:port], or https://…");
    }

    /** The question about one client. Its values are made from bytes, so nothing a client sends can change the query. */
    HttpUrl question(Request request) {
        HttpUrl.Builder url = (request.stage().networkBoots() ? firmware : system)
                .newBuilder()
                .addQueryParameter("mac", request.client().hardware().toString());
        request.client()
                .uuid()
                .map(uuidOrder::write)
                .ifPresent(uuid -> url.addQueryParameter("uuid", uuid.toString().toUpperCase(Locale.ROOT)));
        if (request.stage() == BootStage.OPERATING_SYSTEM) {
            request.address().ifPresent(address -> url.addQueryParameter("ip", address.toString()));
        }
        return url.build();
    }

    /** True when the connection is to be encrypted. */
    public boolean isSecure() {
        return firmware.isHttps();
    }

    String host() {
        return firmware.host();
    }

    /** The header {@code Authorization}, where the location holds a user. */
    Optional<String> credentials() {
        return Credentials.header(firmware);
    }

    /** Without user and password, for the log. */
    @Override
    public String toString() {
        return firmware.scheme() + "://" + firmware.host() + ":" + firmware.port();
    }
}
