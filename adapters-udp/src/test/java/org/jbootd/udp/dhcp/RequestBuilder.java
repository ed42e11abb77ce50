package org.jbootd.udp.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** Requests for tests: of one machine, with what a test wants to say. */
final class RequestBuilder {

    static final Octets MAC = Octets.parseHex("525400000001");

    private final Map<Integer, Octets> options = new LinkedHashMap<>();
    private int op = DhcpPacket.BOOTREQUEST;
    private int flags;
    private Ipv4 ciaddr = Ipv4.UNSPECIFIED;
    private Ipv4 giaddr = Ipv4.UNSPECIFIED;
    private Octets mac = MAC;
    private boolean cookie = true;

    static RequestBuilder dhcp(int type) {
        return new RequestBuilder().option(OptionCode.MESSAGE_TYPE, type);
    }

    static RequestBuilder bootp() {
        return new RequestBuilder();
    }

    RequestBuilder op(int value) {
        op = value;
        return this;
    }

    RequestBuilder flags(int value) {
        flags = value;
        return this;
    }

    RequestBuilder ciaddr(String address) {
        ciaddr = Ipv4.parse(address);
        return this;
    }

    RequestBuilder relay(String giaddress) {
        giaddr = Ipv4.parse(giaddress);
        return this;
    }

    RequestBuilder mac(String hex) {
        mac = Octets.parseHex(hex);
        return this;
    }

    RequestBuilder withoutCookie() {
        cookie = false;
        return this;
    }

    RequestBuilder option(int code, int... octets) {
        byte[] value = new byte[octets.length];
        for (int at = 0; at < octets.length; at++) {
            value[at] = (byte) octets[at];
        }
        options.put(code, Octets.of(value));
        return this;
    }

    RequestBuilder option(int code, String text) {
        options.put(code, Octets.of(text.getBytes(StandardCharsets.ISO_8859_1)));
        return this;
    }

    RequestBuilder address(int code, String address) {
        options.put(code, Octets.of(Ipv4.parse(address).octets()));
        return this;
    }

    RequestBuilder hex(int code, String hex) {
        options.put(code, Octets.parseHex(hex));
        return this;
    }

    DhcpPacket build() {
        return new DhcpPacket(
                op,
                1,
                mac.length(),
                3,
                0x12345678,
                7,
                flags,
                ciaddr,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                giaddr,
                Octets.of(Arrays.copyOf(mac.toArray(), 16)),
                Octets.EMPTY,
                Octets.EMPTY,
                cookie,
                cookie ? Options.of(options) : Options.NONE);
    }
}
