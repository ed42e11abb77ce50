package org.jbootd.udp.tftp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Datagrams of every kind that can reach a TFTP port: from pure noise to almost right. The same seed, the same row. */
final class GeneratedDatagrams {

    private static final String[] WORDS = {
        "pxelinux.0",
        "octet",
        "OCTET",
        "netascii",
        "mail",
        "blksize",
        "tsize",
        "timeout",
        "windowsize",
        "multicast",
        "0",
        "1",
        "8",
        "512",
        "1428",
        "65464",
        "65465",
        "99999999999999999999",
        "-1",
        "",
        " ",
        "../../etc/passwd",
        "/",
        "\\",
        ".",
        "..",
        "a/b",
        "\r\n",
        "\u0000",
        "\ud83d\ude00",
        "%s%n",
        "*",
        "{filename}",
        "[x]"
    };

    private final Random random;

    GeneratedDatagrams(Random random) {
        this.random = random;
    }

    byte[] next() {
        return switch (random.nextInt(5)) {
            case 0 -> noise();
            case 1 -> control();
            default -> request();
        };
    }

    private byte[] noise() {
        byte[] octets = new byte[random.nextInt(random.nextInt(10) == 0 ? 1_500 : 40)];
        random.nextBytes(octets);
        return octets;
    }

    private byte[] control() {
        byte[] octets = new byte[2 + random.nextInt(6)];
        random.nextBytes(octets);
        octets[0] = 0;
        octets[1] = (byte) random.nextInt(8);
        return octets;
    }

    private byte[] request() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(random.nextInt(20) == 0 ? random.nextInt(256) : 1 + random.nextInt(2));
        for (int words = random.nextInt(14); words > 0; words--) {
            word(out);
            if (random.nextInt(30) != 0) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    private void word(ByteArrayOutputStream out) {
        if (random.nextInt(6) == 0) {
            byte[] octets = new byte[random.nextInt(random.nextInt(20) == 0 ? 700 : 12)];
            random.nextBytes(octets);
            out.writeBytes(octets);
        } else {
            out.writeBytes(WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
        }
    }
}
