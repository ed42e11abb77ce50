package org.jbootd.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.dhcp.DatagramPath;

/**
 * Looks for the datagram that takes the deciding thread the longest: each option of each message in as many pieces as are
 * read, filled in several ways. Times are this thread's CPU time, so that it does not matter what else the machine does.
 * For one thread.
 */
final class PacketCost {

    /**
     * @param meanNanos of many times
     * @param maxNanos of the same
     */
    record Cost(String what, byte[] datagram, long meanNanos, long maxNanos) {}

    private static final int PIECES = 122;
    private static final int PIECE = 255;
    private static final int LARGEST_OPTION = 254;
    private static final int LARGEST_DATAGRAM = 65_507;
    private static final int LOOK = 10;
    private static final int TIMES = 5_000;
    private static final int INFORM = 8;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final DatagramPath path = new DatagramPath(ExchangeBenchmark.desk(), ExchangeBenchmark.LAN);

    /** @return an ordinary DISCOVER and the dearest ones of all, the dearest last */
    List<Cost> ordinaryAndDearest(int many) {
        byte[] discover = message(Firmware.DISCOVER);
        measure("", discover, TIMES);
        List<Cost> dearest = candidates().stream()
                .map(one -> measure(one.what(), one.datagram(), LOOK))
                .sorted(Comparator.comparingLong(Cost::meanNanos).reversed())
                .limit(many)
                .toList();
        List<Cost> costs = new ArrayList<>();
        costs.add(again(new Cost("an ordinary DISCOVER", discover, 0, 0)));
        dearest.forEach(one -> costs.add(again(one)));
        costs.sort(Comparator.comparingLong(Cost::meanNanos));
        return costs;
    }

    private Cost again(Cost one) {
        measure(one.what(), one.datagram(), TIMES);
        return measure(one.what(), one.datagram(), TIMES);
    }

    private Cost measure(String what, byte[] datagram, int times) {
        long sum = 0;
        long max = 0;
        for (int i = 0; i < times; i++) {
            long begin = threads.getCurrentThreadCpuTime();
            path.take(datagram);
            long nanos = threads.getCurrentThreadCpuTime() - begin;
            sum += nanos;
            max = Math.max(max, nanos);
        }
        return new Cost(what, datagram, sum / times, max);
    }

    private static List<Cost> candidates() {
        List<Cost> candidates = new ArrayList<>();
        for (int type : new int[] {Firmware.DISCOVER, Firmware.REQUEST, INFORM}) {
            byte[] message = message(type);
            for (int code = 1; code <= LARGEST_OPTION; code++) {
                String what = "message " + type + ", option " + code + " in " + PIECES + " pieces of ";
                add(candidates, what + "ones", BadDatagrams.withPieces(message, PIECES, code, filled(1, 0)));
                add(candidates, what + "0, 1, 2 …", BadDatagrams.withPieces(message, PIECES, code, filled(0, 1)));
                add(candidates, what + "nothing", BadDatagrams.withPieces(message, PIECES, code, new byte[0]));
            }
            add(candidates, "message " + type + ", then zeros", Arrays.copyOf(message, LARGEST_DATAGRAM));
        }
        return candidates;
    }

    private static void add(List<Cost> candidates, String what, byte[] datagram) {
        candidates.add(new Cost(what, datagram, 0, 0));
    }

    private static byte[] message(int type) {
        return Firmware.of(BadDatagrams.FORGED, type)
                .message(1, type, Ipv4.UNSPECIFIED, Map.of())
                .encode();
    }

    private static byte[] filled(int first, int step) {
        byte[] octets = new byte[PIECE];
        for (int i = 0; i < PIECE; i++) {
            octets[i] = (byte) (first + i * step);
        }
        return octets;
    }
}
