package org.jbootd.udp.dhcp;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Datagrams of all sorts: noise, real requests with many changes, and requests of random options in a sound frame. */
final class GeneratedDatagrams {

    private static final int[] INTERESTING = {
        0, 1, 3, 6, 12, 15, 43, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 66, 67, 77, 80, 81, 82, 90, 93, 94, 97,
        118, 121, 175, 222, 255
    };
    private static final byte[][] ADDRESSES = {
        {0, 0, 0, 0},
        {10, 77, 0, 1},
        {10, 77, 0, 100},
        {10, 77, 0, (byte) 255},
        {10, 78, 0, 5},
        {127, 0, 0, 1},
        {(byte) 224, 0, 0, 1},
        {-1, -1, -1, -1},
        {8, 8, 8, 8}
    };

    private final Random random;
    private final List<byte[]> models;

    GeneratedDatagrams(Random random, List<byte[]> models) {
        this.random = random;
        this.models = models;
    }

    byte[] next() {
        return switch (random.nextInt(10)) {
            case 0 -> noise(random.nextInt(1_500));
            case 1, 2, 3 -> mutated();
            default -> composed();
        };
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] mutated() {
        byte[] packet = models.get(random.nextInt(models.size())).clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt();
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length * 2)) : packet;
    }

    private byte[] composed() {
        byte[] header = Arrays.copyOf(models.get(random.nextInt(models.size())), 240);
        for (int at = 12; at < 28; at += 4) {
            if (random.nextInt(3) == 0) {
                System.arraycopy(ADDRESSES[random.nextInt(ADDRESSES.length)], 0, header, at, 4);
            }
        }
        if (random.nextInt(4) == 0) {
            System.arraycopy(noise(64), 0, header, 44, 64);
            System.arraycopy(noise(128), 0, header, 108, 128);
        }
        header[10] = (byte) random.nextInt();
        System.arraycopy(new byte[] {0x63, (byte) 0x82, 0x53, 0x63}, 0, header, 236, 4);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(header);
        if (random.nextInt(8) != 0) {
            packet.writeBytes(new byte[] {53, 1, (byte) (1 + random.nextInt(9))});
        }
        int options = random.nextInt(random.nextInt(20) == 0 ? 200 : 20);
        for (int i = 0; i < options; i++) {
            option(packet);
        }
        if (random.nextInt(4) != 0) {
            packet.write(255);
        }
        return packet.toByteArray();
    }

    private void option(ByteArrayOutputStream packet) {
        int code = random.nextInt(5) == 0 ? random.nextInt(256) : INTERESTING[random.nextInt(INTERESTING.length)];
        byte[] value = value(code);
        packet.write(code);
        if (code != 0 && code != 255) {
            packet.write(random.nextInt(300) == 0 ? random.nextInt(256) : value.length);
            packet.writeBytes(value);
        }
    }

    private byte[] value(int code) {
        if (random.nextInt(4) == 0) {
            return noise(random.nextInt(256));
        }
        return switch (code) {
            case 50, 54 -> ADDRESSES[random.nextInt(ADDRESSES.length)];
            case 52 -> new byte[] {(byte) random.nextInt(5)};
            case 55 -> noise(random.nextInt(255));
            case 57 -> noise(2);
            case 60 ->
                ("PXEClient:Arch:0000" + random.nextInt(10)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            case 82 -> new byte[] {5, 4, 10, 78, 0, 0, 1, 2, 3, 4};
            case 93 -> noise(2);
            case 97 -> noise(17);
            default -> noise(random.nextInt(16));
        };
    }
}
