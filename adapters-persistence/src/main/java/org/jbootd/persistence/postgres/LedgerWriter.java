package org.jbootd.persistence.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.JournalEntry;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.Pipeline;
import org.jbootd.persistence.Threads;
import org.jbootd.persistence.Trouble;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores commits on a thread of its own: takes all that wait, and writes them in one transaction, in which it first reads what
 * other nodes have stored. What was decided without knowing that is refused. While there is no database it tries again and
 * again, and what waits may wait until its deadline.
 */
final class LedgerWriter implements AutoCloseable {

    /** A notification that got lost is made up for within this time. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LAST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A lease is stored for one second longer than its machine is told. */
    private static final Duration MOST_BEHIND = Duration.ofSeconds(1);

    /** Events of others that are read at once; while the ledger is locked, no more than these. */
    private static final long PAGE = 4096;

    /** Commits of one transaction. */
    private static final int GROUP = 512;

    /** How long a follower that is behind gets to catch up. */
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final PostgresSettings settings;
    private final Optional<Path> memory;
    private final CommitQueue queue;
    private final Tidings tidings;
    private final DatabaseClock clock;
    private final Ledger ledger = new Ledger();
    private final Trouble trouble = new Trouble("the lease database");
    private final Thread thread = new Thread(this::run, "jbootd-lease-ledger");

    private Session session;

    /** Where this node has read and written to. */
    private volatile Head known;

    private volatile InFlight inFlight;
    private volatile String refusal;
    private long retryNanos = FIRST_RETRY_NANOS;

    /** The database answered that it does not take something, and has taken nothing since; that it can be read is no sign of more. */
    private boolean owing;

    /** So many commits get a transaction each: one of them cannot be stored. */
    private int singly;

    /**
     * @param memory where this host remembers what it has seen
     * @param known what was loaded
     */
    LedgerWriter(
            PostgresSettings settings,
            Optional<Path> memory,
            Head known,
            CommitQueue queue,
            Tidings tidings,
            DatabaseClock clock) {
        this.settings = settings;
        this.memory = memory;
        this.known = known;
        this.queue = queue;
        this.tidings = tidings;
        this.clock = clock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The last event that this node has read or written. */
    Mark mark() {
        return known.mark();
    }

    /** The latest server time that is durable. */
    Instant latest() {
        return known.serverTime();
    }

    Optional<String> trouble() {
        return trouble.present();
    }

    /** Why nothing can be stored until somebody does something about it. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Refuses what has waited too long. Of any thread; worth calling some times a second. */
    void expire(long now) {
        String why = trouble.present().orElse("the database takes too long");
        queue.expire(now, why);
        InFlight current = inFlight;
        if (current != null) {
            current.expire(now, why);
        }
    }

    /** Finishes what waits, if the database is there, and ends. */
    @Override
    public void close() {
        queue.close();
        Threads.join(thread);
    }

    private void run() {
        while (!queue.isClosed() || !queue.isEmpty()) {
            try {
                if (session == null) {
                    connect();
                }
                serve(queue.take(LOOK_NANOS, singly > 0 ? 1 : GROUP));
                wentWell();
            } catch (InterruptedException e) {
                queue.close();
                queue.refuseAll("the store is closed");
            } catch (Throwable e) {
                wentWrong(e);
            }
        }
        giveUpSession();
    }

    private void connect() {
        session = Session.open(settings);
        require(session.handle());
        refusal = null;
    }

    /**
     * For who writes what is no lease, in the transaction in which he does so. Of any thread.
     *
     * @return the database's head
     * @throws TurnedBack when the database is not what this node has seen, whether the writer has come across that or not
     */
    Head require(Handle handle) {
        Mark seen = known.mark();
        Head head = Head.read(handle);
        refuseIf(head.contradiction(seen, handle));
        return head;
    }

    private void refuseIf(Optional<String> contradiction) {
        contradiction.ifPresent(how -> {
            throw new TurnedBack(how, memory);
        });
    }

    private void wentWell() {
        if (!owing) {
            trouble.ended();
        }
        retryNanos = FIRST_RETRY_NANOS;
    }

    private void wentWrong(Throwable failure) {
        owing |= Failures.isRefusal(failure);
        trouble.began(Failures.inWords(failure));
        giveUpSession();
        if (failure instanceof TurnedBack && refusal == null) {
            refusal = failure.getMessage();
            LOG.error("{}", refusal);
        }
        if (failure instanceof TurnedBack || queue.isClosed()) {
            queue.refuseAll(trouble.present().orElseThrow());
        }
        try {
            queue.awaitClose(retryNanos);
        } catch (InterruptedException e) {
            queue.close();
        }
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    private void giveUpSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void serve(List<Commit> group) throws InterruptedException {
        singly = Math.max(0, singly - group.size());
        group.removeIf(commit -> commit.stored().isDone());
        if (group.isEmpty()) {
            follow(Head.read(session.handle()));
            return;
        }
        tidings.forget(group.get(0).base());
        inFlight = new InFlight(List.copyOf(group), session, System.nanoTime());
        try {
            store(group);
        } finally {
            inFlight = null;
        }
    }

    /**
     * Reads what others have done, page by page, as long as there is more and the follower keeps up. A backup may have been brought
     * back under open connections: what is read is believed only if the last event that is known is in it.
     */
    private void follow(Head head) {
        Handle handle = session.handle();
        if (head.seq() <= known.seq()) {
            refuseIf(head.contradiction(known.mark(), handle));
        }
        clock.heard(head.reached());
        while (known.seq() < head.seq() && !tidings.isBehind()) {
            long last = Math.min(head.seq(), known.seq() + PAGE);
            Ledger.Changed changed = ledger.changed(handle, known.seq(), last);
            refuseIf(head.contradiction(known.mark(), changed.recordedAt(), handle));
            known = head.at(last, handle);
            tidings.tell(last, changed.standing());
        }
    }

    private void store(List<Commit> group) throws InterruptedException {
        Handle handle = session.handle();
        boolean committing = false;
        try {
            handle.begin();
            Head head = Head.lock(handle);
            if (head.seq() - known.seq() > PAGE || tidings.isBehind()) {
                queue.putBack(group);
                handle.rollback();
                catchUp(head);
                return;
            }
            follow(head);
            List<Commit> admitted = admitted(group, head);
            Head next = write(handle, head, admitted);
            if (next.equals(head)) {
                handle.rollback(); // nothing is written for those who only want to know
            } else {
                committing = true;
                handle.commit();
                owing = false;
            }
            known = next;
            clock.heard(next.reached());
            acknowledge(admitted);
        } catch (RuntimeException e) {
            if (committing) {
                String why = "it cannot be known now whether it was stored: " + Failures.sentence(e);
                group.forEach(commit -> commit.refuse(why, e));
                throw e;
            }
            notStored(group, e);
        }
    }

    /** With the ledger unlocked, and giving the follower time. */
    private void catchUp(Head head) throws InterruptedException {
        follow(head);
        if (tidings.isBehind()) {
            queue.awaitClose(BREATH_NANOS);
        }
    }

    /** What cannot be stored is found and refused; all else is tried again. */
    private void notStored(List<Commit> group, RuntimeException failure) {
        if (!Failures.isForData(failure)) {
            queue.putBack(group);
            throw failure;
        }
        LOG.debug("a transaction was refused", failure);
        if (group.size() == 1) {
            group.get(0).refuse(Failures.sentence(failure), failure);
        } else {
            singly = group.size();
            queue.putBack(group);
        }
        session.handle().rollback();
    }

    /** Without those that were decided on what is not true any more. */
    private List<Commit> admitted(List<Commit> group, Head head) {
        List<Commit> admitted = new ArrayList<>();
        for (Commit commit : group) {
            Optional<String> contradiction = tidings.contradiction(commit).or(() -> isBehindTime(commit));
            Optional<String> early = commit.endsTooEarly(head.now());
            contradiction.ifPresent(commit::lose);
            early.ifPresent(commit::refuse);
            if (contradiction.isEmpty() && early.isEmpty()) {
                admitted.add(commit);
            }
        }
        return admitted;
    }

    /** What was decided by a clock that has lost more than leases are kept beyond their end is decided again, by the right one. */
    private Optional<String> isBehindTime(Commit commit) {
        Duration behind = clock.aheadOf(commit.clock());
        return behind.compareTo(MOST_BEHIND) > 0
                ? Optional.of("the clock of the database has come further than that of this server, by " + behind)
                : Optional.empty();
    }

    private Head write(Handle handle, Head head, List<Commit> commits) {
        Pipeline pipeline = new Pipeline();
        List<JournalEntry> entries = new ArrayList<>();
        long last = head.seq();
        Instant serverTime = head.serverTime();
        for (Commit commit : commits) {
            serverTime = commit.latest(serverTime);
            if (!commit.changes().isEmpty()) {
                JournalEntry entry = new JournalEntry(last + 1, head.now(), serverTime, commit.changes());
                entries.add(entry);
                last = entry.lastSeq();
            }
        }
        Optional<Octets> chain = head.chain();
        if (!entries.isEmpty()) {
            chain = ledger.write(pipeline, entries, chain);
            Session.tell(last, pipeline);
        }
        Head next = head.moved(last, serverTime, chain);
        if (!next.equals(head)) {
            next.write(pipeline);
            pipeline.execute(handle);
        }
        return next;
    }

    /** What nobody waits for any more has been stored all the same, and is told like what others do. */
    private void acknowledge(List<Commit> stored) {
        Map<Ipv4, Optional<Lease>> standing = new HashMap<>();
        stored.forEach(commit -> commit.changes()
                .forEach(change -> standing.put(
                        change.lease().address(),
                        change.kind().ends() ? Optional.empty() : Optional.of(change.lease()))));
        Set<Ipv4> untold = new HashSet<>();
        for (Commit commit : stored) {
            if (!commit.succeed()) {
                commit.changes().forEach(change -> untold.add(change.lease().address()));
            }
        }
        standing.keySet().retainAll(untold);
        if (!standing.isEmpty()) {
            tidings.tell(known.seq(), standing);
        }
    }
}
