package org.jbootd.app.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.DatabaseServer;

/**
 * What goes wrong, at random, one thing after the other at each node and at the database, and so at several of them at once.
 * Whatever it is has an end, when it is healed again. Threads share it.
 */
final class Calamities {

    /** What befalls somebody, and for how long: as the thread that brings it about waits. */
    private interface Calamity {
        void befall(Random random) throws IOException, InterruptedException;
    }

    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, Integer> counts = new TreeMap<>();
    private final long offerMillis;
    private final int peaceMillis;

    /** @param offer how long offers live: no node that stood still has any left @param peace between two, of a node, about */
    Calamities(Duration offer, Duration peace) {
        offerMillis = offer.toMillis();
        peaceMillis = (int) peace.toMillis();
    }

    /** @return done when all is healed after {@link #end} */
    CompletableFuture<Void> at(Daemon daemon, int node, long seed) {
        Map<String, Calamity> all = new TreeMap<>();
        all.put("nodes killed", random -> {
            daemon.kill();
            pass(random.nextInt(1000));
            daemon.start();
        });
        all.put("nodes killed in their start", random -> {
            daemon.kill();
            daemon.launch();
            pass(random.nextInt(2000));
            daemon.kill();
            daemon.start();
        });
        all.put("nodes paused", random -> {
            daemon.pause();
            pass(offerMillis + 500 + random.nextInt(3000));
            daemon.goOn();
        });
        all.put("nodes cut off the database", random -> {
            Place.cut(node, "meta l4proto tcp");
            pass(500 + random.nextInt(6000));
            Place.mend(node);
        });
        all.put("nodes cut off the machines", random -> {
            Place.cut(node, "meta l4proto udp");
            pass(500 + random.nextInt(6000));
            Place.mend(node);
        });
        return begin("calamities-" + node, all, seed, peaceMillis);
    }

    CompletableFuture<Void> at(DatabaseServer database, long seed) {
        return begin(
                "calamities-database",
                Map.of("databases killed", random -> {
                    database.kill();
                    pass(random.nextInt(2500));
                    database.restart();
                }),
                seed,
                6 * peaceMillis);
    }

    private CompletableFuture<Void> begin(String name, Map<String, Calamity> all, long seed, int millisOfPeace) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        bringAbout(all, new Random(seed), millisOfPeace);
                        over.complete(null);
                    } catch (Throwable e) {
                        over.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return over;
    }

    private void bringAbout(Map<String, Calamity> all, Random random, int millisOfPeace)
            throws IOException, InterruptedException {
        Object[] names = all.keySet().toArray();
        while (!pass(millisOfPeace / 4 + random.nextInt(millisOfPeace))) {
            String name = (String) names[random.nextInt(names.length)];
            count(name);
            all.get(name).befall(random);
        }
    }

    /** @return whether there is to be an end of it */
    private boolean pass(long millis) throws InterruptedException {
        return end.await(millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void count(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    void end() {
        end.countDown();
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }
}
