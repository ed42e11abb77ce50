package org.jbootd.app.access;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.access.AccessBackend;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.BadSetting;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/** Does as the {@code answer} of its section says. */
public final class ScriptedBackend implements AccessBackend {

    static final AtomicInteger CLOSED = new AtomicInteger();

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public AccessControl open(Map<String, String> settings) throws BadSetting {
        String answer = settings.getOrDefault("answer", "grant");
        if (answer.equals("wrong")) {
            throw new BadSetting("answer", "'wrong' is no answer; write grant");
        }
        if (answer.equals("breaks")) {
            throw new IllegalStateException("no library");
        }
        return new Script(answer);
    }

    private record Script(String answer) implements AccessControl, AutoCloseable {

        @Override
        public CompletionStage<Verdict> decide(Request request) {
            return switch (answer) {
                case "block" -> blocked();
                case "never" -> new CompletableFuture<>();
                case "throw" -> throw new IllegalStateException("no route");
                case "nothing" -> null;
                default -> CompletableFuture.completedStage(new Verdict.Granted(Optional.of(answer), Optional.empty()));
            };
        }

        private static CompletionStage<Verdict> blocked() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.completedStage(Verdict.GRANTED);
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }

    /** Takes a name that means something else. */
    public static final class Impostor implements AccessBackend {
        @Override
        public String name() {
            return "mac";
        }

        @Override
        public AccessControl open(Map<String, String> settings) {
            return AccessControl.EVERYBODY;
        }
    }

    /** Has a name that cannot be written into a list. */
    public static final class Nameless implements AccessBackend {
        @Override
        public String name() {
            return "my backend";
        }

        @Override
        public AccessControl open(Map<String, String> settings) {
            return AccessControl.EVERYBODY;
        }
    }
}
