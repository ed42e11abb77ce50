package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.net.Ipv4;

/**
 * What others have stored and the book has yet to take over: not while a write of its own about the same is under way, which
 * may be older or newer. The store says how many there may be at once.
 */
final class Lessons {

    /** Takes a standing over, unless that has to wait. */
    interface Pupil {
        boolean take(Standing standing, Instant now);
    }

    private record Lesson(Map<Ipv4, Standing> left, CompletableFuture<Void> learned) {}

    private final Pupil pupil;
    private final Deque<Lesson> lessons = new ArrayDeque<>();

    Lessons(Pupil pupil) {
        this.pupil = pupil;
    }

    /** @return completes once all of these are taken over, and all that were given before */
    CompletionStage<Void> give(List<Standing> changed, Instant now) {
        Map<Ipv4, Standing> left = new LinkedHashMap<>();
        changed.forEach(standing -> left.put(standing.address(), standing));
        Lesson lesson = new Lesson(left, new CompletableFuture<>());
        lessons.add(lesson);
        goOn(now);
        return lesson.learned();
    }

    /** Some write is not under way any more. */
    void goOn(Instant now) {
        Set<Ipv4> waiting = new HashSet<>();
        for (Lesson lesson : lessons) {
            Iterator<Standing> left = lesson.left().values().iterator();
            while (left.hasNext()) {
                Standing standing = left.next();
                if (!waiting.contains(standing.address()) && pupil.take(standing, now)) {
                    left.remove();
                } else {
                    waiting.add(standing.address());
                }
            }
        }
        while (!lessons.isEmpty() && lessons.peek().left().isEmpty()) {
            lessons.remove().learned().complete(null);
        }
    }
}
