package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;

/**
 * The database that nodes share, as PostgreSQL behaves: one row that every transaction locks first, events numbered in the order
 * of commits, sessions that end under their clients, and a transaction that says nothing for a second ended with its session. It
 * may be slow, stand still, be restarted, or be replaced by an older backup of itself.
 */
final class SharedLedger {

    /** How far it goes, as a reader sees it. */
    record Head(long seq, Instant recordedAt, Instant serverTime, Instant now) {

        Instant reached() {
            return now.isBefore(serverTime) ? serverTime : now;
        }
    }

    record Event(long seq, Instant recordedAt, LeaseChange change) {}

    /** Told of all that becomes durable. */
    interface Witness {
        void stored(Event event, Lease before);
    }

    private record State(List<Event> events, Map<Ipv4, Lease> leases, Instant serverTime) {

        State copy() {
            return new State(new ArrayList<>(events), new LinkedHashMap<>(leases), serverTime);
        }
    }

    private static final long QUICK_SYNC = 500_000;
    private static final long SLOW_SYNC = 5 * Timeline.SECOND;
    private static final long IDLE_IN_TRANSACTION = Timeline.SECOND;

    private final World world;
    private final Witness witness;
    private final boolean locks;
    private final Set<LedgerSession> sessions = new LinkedHashSet<>();
    private final List<LongConsumer> listeners = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private State state = new State(new ArrayList<>(), new LinkedHashMap<>(), Instant.EPOCH);
    private State backup = state.copy();
    private Optional<State> newer = Optional.empty();
    private LedgerSession holder;
    private Runnable committing;
    private long turn;
    private int incarnation;
    private boolean up = true;
    private long stalledUntil;

    /** @param locks false plants the bug that transactions do not exclude each other */
    SharedLedger(World world, Witness witness, boolean locks) {
        this.world = world;
        this.witness = witness;
        this.locks = locks;
    }

    void listen(LongConsumer listener) {
        listeners.add(listener);
    }

    // ---- what its clients ask

    /** Lets a client in. @return false when there is nobody to do so */
    boolean open(LedgerSession session) {
        return up && sessions.add(session);
    }

    Head head() {
        return head(state.events.size());
    }

    private Head head(int seq) {
        Instant recordedAt = seq == 0 ? Instant.EPOCH : state.events.get(seq - 1).recordedAt;
        Instant latest = state.events.isEmpty() ? Instant.EPOCH : state.events.get(state.events.size() - 1).recordedAt;
        Instant clock = world.timeline.instant();
        return new Head(seq, recordedAt, state.serverTime, clock.isBefore(latest) ? latest : clock);
    }

    /** A head of some time ago, not before {@code seq}. */
    Head staleHead(long seq) {
        int last = state.events.size();
        return last <= seq ? head(last) : head(world.chance.between((int) seq, last));
    }

    /** What the head was when {@code seq} was the last event. */
    Head at(long seq) {
        return head((int) seq);
    }

    /** Why it is not the ledger that {@code known} was read from, or goes on from it. */
    Optional<String> contradiction(Head known) {
        if (state.events.size() < known.seq()) {
            return Optional.of("it went back in time");
        }
        return head((int) known.seq()).recordedAt().equals(known.recordedAt())
                ? Optional.empty()
                : Optional.of("it went back in time and on another way");
    }

    List<Lease> leases() {
        return List.copyOf(state.leases.values());
    }

    Lease of(Ipv4 address) {
        return state.leases.get(address);
    }

    List<Event> events() {
        return state.events;
    }

    /** What is known now of the addresses with events after {@code from}, up to {@code last}; or then, for a stale reader. */
    Map<Ipv4, Optional<Lease>> changed(long from, long last, boolean then) {
        Map<Ipv4, Optional<Lease>> changed = new LinkedHashMap<>();
        for (Event event : state.events.subList((int) from, (int) last)) {
            Lease lease = event.change.lease();
            Optional<Lease> left = event.change.kind().ends() ? Optional.empty() : Optional.of(lease);
            changed.put(lease.address(), then ? left : Optional.ofNullable(of(lease.address())));
        }
        return changed;
    }

    /** Calls back once all others are kept out. */
    void lock(LedgerSession session, Consumer<Head> locked) {
        if (!locks) {
            locked.accept(head());
        } else if (holder == null) {
            grant(session, locked);
        } else {
            waiting.add(() -> grant(session, locked));
        }
    }

    private void grant(LedgerSession session, Consumer<Head> locked) {
        if (session.isEnded()) {
            next();
            return;
        }
        holder = session;
        long mine = ++turn;
        locked.accept(head());
        world.timeline.after(IDLE_IN_TRANSACTION, () -> {
            if (holder == session && mine == turn && committing == null) {
                world.trace.add("database", "ends an idle transaction");
                session.end();
            }
        });
    }

    void rollback(LedgerSession session) {
        if (holder == session && committing == null) {
            next();
        }
    }

    private void next() {
        holder = null;
        if (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    /** Makes groups of changes durable, all of them, and then calls back. */
    void commit(
            LedgerSession session,
            Head locked,
            List<List<LeaseChange>> groups,
            Instant serverTime,
            Consumer<Head> committed) {
        Runnable application = () -> apply(locked, groups, serverTime);
        if (locks) {
            committing = application;
        }
        long sync = world.happens(Fault.DATABASE_SLOW)
                ? world.chance.nanos(QUICK_SYNC, SLOW_SYNC)
                : world.chance.nanos(0, QUICK_SYNC);
        later(sync, () -> {
            application.run();
            committing = null;
            Head head = head();
            if (locks) {
                next();
            }
            committed.accept(head);
        });
    }

    private void apply(Head locked, List<List<LeaseChange>> groups, Instant serverTime) {
        for (List<LeaseChange> group : groups) {
            for (LeaseChange change : group) {
                Event event = new Event(state.events.size() + 1L, locked.now(), change);
                state.events.add(event);
                witness.stored(event, of(change.lease().address()));
                StoredHistory.apply(change, state.leases);
            }
        }
        Instant latest = state.serverTime.isBefore(serverTime) ? serverTime : state.serverTime;
        state = new State(state.events, state.leases, latest);
        if (!groups.isEmpty()) {
            world.trace.add("stored", groups);
            long last = state.events.size();
            listeners.forEach(listener -> notify(listener, last));
        }
    }

    private void notify(LongConsumer listener, long last) {
        if (!world.happens(Fault.NOTICE_LOST)) {
            long delay =
                    world.happens(Fault.NOTICE_LATE) ? world.chance.seconds(0.1, 3) : world.chance.nanos(0, QUICK_SYNC);
            world.timeline.after(delay, () -> listener.accept(last));
        }
    }

    /** A session has ended: what it did not commit has never been. */
    void gone(LedgerSession session) {
        sessions.remove(session);
        rollback(session);
    }

    /** Runs {@code what} after {@code nanos}, later when it stands still then, not at all when it is restarted before. */
    void later(long nanos, Runnable what) {
        int planner = incarnation;
        world.timeline.after(nanos, () -> {
            long left = stalledUntil - world.timeline.elapsed();
            if (planner != incarnation) {
                return;
            }
            if (left > 0) {
                later(left, what);
            } else {
                what.run();
            }
        });
    }

    // ---- what befalls it

    boolean isUp() {
        return up;
    }

    void stall(long nanos) {
        world.trace.add("database", "stands still for " + nanos / 1_000_000 + " ms");
        stalledUntil = world.timeline.elapsed() + nanos;
    }

    /** It dies, with all sessions. A commit under way is there afterwards, or not. */
    void restart(long nanos) {
        world.trace.add("database", "is down for " + nanos / 1_000_000 + " ms");
        up = false;
        incarnation++;
        stalledUntil = 0;
        if (committing != null && world.chance.of(0.5)) {
            committing.run();
        }
        committing = null;
        waiting.clear();
        holder = null;
        List.copyOf(sessions).forEach(LedgerSession::end);
        world.timeline.after(nanos, () -> up = true);
    }

    /** Keeps a backup of what there is now. */
    void keepBackup() {
        backup = state.copy();
    }

    long backupSeq() {
        return backup.events.size();
    }

    /** The backup takes its place. */
    void goBack(long nanos) {
        restart(nanos);
        newer = Optional.of(state);
        state = backup.copy();
        world.trace.add("database", "went back to event " + state.events.size());
    }

    boolean isBack() {
        return newer.isPresent();
    }

    void goForth(long nanos) {
        restart(nanos);
        state = newer.orElseThrow();
        newer = Optional.empty();
        world.trace.add("database", "is the newer one again, with event " + state.events.size());
    }
}
