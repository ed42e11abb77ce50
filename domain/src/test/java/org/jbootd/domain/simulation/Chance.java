package org.jbootd.domain.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** The only source of randomness of one run: the same seed draws the same numbers in the same order. */
public final class Chance {

    private final SplittableRandom random;

    Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** True with {@code probability}, 0 to 1; draws nothing when the outcome is certain. */
    public boolean of(double probability) {
        return probability > 0 && (probability >= 1 || random.nextDouble() < probability);
    }

    /** A number of {@code from} to {@code to}, both included. */
    public int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    /** A length of time between two lengths in nanoseconds, both included. */
    public long nanos(long from, long to) {
        return from + random.nextLong(to - from + 1);
    }

    /** A length of time between two lengths in seconds. */
    public long seconds(double from, double to) {
        return nanos((long) (from * Timeline.SECOND), (long) (to * Timeline.SECOND));
    }

    public int anyInt() {
        return random.nextInt();
    }

    public long anyLong() {
        return random.nextLong();
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Between {@code low} and {@code high}, each order of magnitude as likely as the next. */
    public double logUniform(double low, double high) {
        return low * Math.pow(high / low, random.nextDouble());
    }
}
