package org.jbootd.app.settings;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;

/** What kinds of values DHCP options have, and how each is written in a configuration and on the wire (RFC 2132, RFC 3397, RFC 3442). */
enum OptionType {
    /** One address. */
    ADDRESS {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            out.writeBytes(Ipv4.parse(text).octets());
        }
    },
    ADDRESSES {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            Values.list(text).forEach(item -> ADDRESS.encode(item, out));
        }
    },
    /** Addresses of which each two belong together. */
    PAIRS {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            if (Values.list(text).size() % 2 != 0) {
                throw new IllegalArgumentException("'" + text + "' is an odd number of addresses: write pairs");
            }
            ADDRESSES.encode(text, out);
        }
    },
    TEXT {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
    },
    HEX {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            try {
                out.writeBytes(HexFormat.of().parseHex(text.replaceAll("(?i)^0x|[:\\s-]", "")));
            } catch (IllegalArgumentException problem) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not hexadecimal: write pairs of digits, as in 01:0a:ff", problem);
            }
        }
    },
    FLAG {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            out.write(Values.flag(text) ? 1 : 0);
        }
    },
    U8 {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            number(text, 0, 0xff, 1, out);
        }
    },
    U16 {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            number(text, 0, 0xffff, 2, out);
        }
    },
    U16S {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            Values.list(text).forEach(item -> U16.encode(item, out));
        }
    },
    U32 {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            number(text, 0, 0xffffffffL, 4, out);
        }
    },
    S32 {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            number(text, Integer.MIN_VALUE, Integer.MAX_VALUE, 4, out);
        }
    },
    /** RFC 1035 §3.1, without compression. */
    DOMAINS {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            Values.list(text).forEach(name -> domain(name, out));
        }
    },
    /** RFC 3442: {@code 10.0.0.0/8 10.1.0.1}, a network and its router, several after each other. */
    ROUTES {
        @Override
        void encode(String text, ByteArrayOutputStream out) {
            var items = Values.list(text);
            if (items.size() % 2 != 0) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not routes: write each as network and router, as in 10.0.0.0/8 10.1.0.1");
            }
            for (int i = 0; i < items.size(); i += 2) {
                Ipv4Network network = Values.network(items.get(i), 0, 32);
                out.write(network.prefix());
                out.write(network.base().octets(), 0, (network.prefix() + 7) / 8);
                ADDRESS.encode(items.get(i + 1), out);
            }
        }
    };

    /** More than any reply has room for beside what it must say. */
    private static final int LONGEST = 512;

    abstract void encode(String text, ByteArrayOutputStream out);

    /** @throws IllegalArgumentException when {@code text} is no such value; the message tells the mend */
    Octets encode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encode(text, out);
        if (out.size() == 0 || out.size() > LONGEST) {
            throw new IllegalArgumentException(
                    "the value is of " + out.size() + " octets: write one of 1 to " + LONGEST);
        }
        return Octets.of(out.toByteArray());
    }

    /** As a configuration names it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static void number(String text, long least, long most, int octets, ByteArrayOutputStream out) {
        if (!text.matches("-?\\d{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a whole number between " + least + " and " + most);
        }
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out.write((int) (Long.parseLong(text) >> shift));
        }
    }

    private static void domain(String name, ByteArrayOutputStream out) {
        for (String label : name.split("\\.")) {
            if (!label.matches("[A-Za-z0-9_-]{1,63}")) {
                throw new IllegalArgumentException("'" + name + "' is not a domain name");
            }
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
    }
}
