package org.jbootd.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LostRace;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * The store of one node: stores what waits in one transaction, in which it first reads what others have stored, and refuses what was
 * decided without knowing that. Every answer of the database is an event of its own, before which the node may die or stand still.
 */
final class NodeStore implements LeaseStore {

    private record Commit(
            List<LeaseChange> changes, Instant serverTime, long base, long ahead, CompletableFuture<Void> stored) {

        boolean isDone() {
            return stored.isDone();
        }

        void refuse(String why) {
            stored.completeExceptionally(new StoreUnavailable("store a lease: " + why, null));
        }

        Instant latest(Instant time) {
            Instant latest = serverTime.isAfter(time) ? serverTime : time;
            for (LeaseChange change : changes) {
                latest = change.lease().since().isAfter(latest) ? change.lease().since() : latest;
            }
            return latest;
        }

        /** By the clock of the database a lease goes on that is taken for ended. */
        boolean endsTooEarly(Instant now) {
            return changes.stream()
                    .filter(this::takesForEnded)
                    .map(LeaseChange::lease)
                    .anyMatch(lease -> lease.isGranted() && lease.until().isAfter(now));
        }

        private boolean takesForEnded(LeaseChange change) {
            HardwareAddress taker =
                    changes.get(changes.size() - 1).lease().client().hardware();
            return change.kind() == LeaseChange.Kind.EXPIRED
                    || change.kind() == LeaseChange.Kind.RECLAIMED
                            && !change.lease().client().hardware().equals(taker);
        }
    }

    /** What others did, up to an event. */
    private record Page(SharedLedger.Head last, Map<Ipv4, Optional<Lease>> changed) {}

    /** What is found when it connects. @param contradiction to what is known */
    private record Welcome(SharedLedger.Head head, Optional<String> contradiction) {}

    private static final long PATIENCE = 4 * Timeline.SECOND;
    private static final long LOOK = 3 * Timeline.SECOND;
    private static final long RETRY = Timeline.SECOND / 2;
    private static final long QUICK = 100_000;
    private static final int PAGE = 6;
    private static final int GROUP = 8;

    private final World world;
    private final SimNode node;
    private final SharedLedger ledger;
    private final ClusterBug bug;
    private final Knowledge knowledge;
    private final List<Lease> loaded;
    private final Deque<Commit> queue = new ArrayDeque<>();
    private SharedLedger.Head known;
    private LedgerSession session;
    private String refusal;
    private boolean busy;
    private int rests;

    /** By how much the database's clock is ahead of elapsed time, at least: as last heard. */
    private long ahead;

    /** @param known what was {@code loaded} */
    NodeStore(
            World world,
            SimNode node,
            SharedLedger ledger,
            ClusterBug bug,
            SharedLedger.Head known,
            List<Lease> loaded,
            Knowledge knowledge) {
        this.world = world;
        this.node = node;
        this.ledger = ledger;
        this.bug = bug;
        this.known = known;
        this.loaded = loaded;
        this.knowledge = knowledge;
        heardClock(known);
    }

    private void heardClock(SharedLedger.Head head) {
        long heard = Duration.between(Instant.EPOCH, head.reached()).toNanos() - node.nanoTime();
        ahead = Math.max(ahead, heard);
    }

    /** What the database's clock says, or has said. */
    Instant reached() {
        return bug == ClusterBug.DATABASE_CLOCK_ASKED_ONCE
                ? Instant.EPOCH
                : Instant.EPOCH.plusNanos(ahead + node.nanoTime());
    }

    @Override
    public List<Lease> load() {
        return loaded;
    }

    @Override
    public Instant latest() {
        return known.serverTime();
    }

    @Override
    public boolean isShared() {
        return bug != ClusterBug.REFUSED_WITHOUT_CATCHING_UP;
    }

    @Override
    public void follow(LeaseFollower follower) {
        if (bug == ClusterBug.LOADED_AND_FOLLOWED_LATER) {
            known = ledger.head();
        }
        knowledge.follow(follower);
        wake();
    }

    /** Number of the last event that it has read or written. */
    long knownSeq() {
        return known.seq();
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        CompletionStage<Void> stored = enqueue(List.copyOf(changes), Instant.EPOCH);
        if (bug == ClusterBug.ACK_BEFORE_COMMIT) {
            return CompletableFuture.completedStage(null);
        }
        return bug == ClusterBug.LOST_RACE_ANSWERED_WITH_ACK
                ? stored.handle((nothing, failure) -> {
                    if (failure != null && !(failure instanceof LostRace)) {
                        throw new StoreUnavailable(failure.getMessage(), null);
                    }
                    return null;
                })
                : stored;
    }

    void keepTime(Instant now) {
        enqueue(List.of(), now);
    }

    private CompletionStage<Void> enqueue(List<LeaseChange> changes, Instant serverTime) {
        Commit commit = new Commit(changes, serverTime, knowledge.base(), ahead, new CompletableFuture<>());
        if (node.dies()) {
            return commit.stored;
        }
        if (refusal != null) {
            commit.refuse(refusal);
            return commit.stored;
        }
        queue.add(commit);
        node.later(PATIENCE, () -> {
            if (!commit.isDone()) {
                commit.refuse("the database takes too long");
            }
        });
        wake();
        return commit.stored;
    }

    /** Somebody else has stored something. */
    void heard(long seq) {
        if (seq > known.seq()) {
            wake();
        }
    }

    private void wake() {
        if (!busy) {
            busy = true;
            node.later(world.chance.nanos(0, QUICK), this::serve);
        }
    }

    private void serve() {
        if (node.dies()) {
            return;
        }
        if (session == null) {
            connect();
            return;
        }
        List<Commit> group = new ArrayList<>();
        while (!queue.isEmpty() && group.size() < GROUP) {
            Commit next = queue.remove();
            if (!next.isDone()) {
                group.add(next);
            }
        }
        if (group.isEmpty()) {
            look(this::rest);
        } else {
            knowledge.forget(group.get(0).base);
            store(group);
        }
    }

    private void rest() {
        busy = false;
        int mine = ++rests;
        if (queue.isEmpty()) {
            node.later(LOOK, () -> {
                if (mine == rests) {
                    wake();
                }
            });
        } else {
            wake();
        }
    }

    private <T> void ask(LedgerSession.Request<T> request, Consumer<T> then, Runnable failed) {
        session.ask(
                request,
                answer -> {
                    if (!node.dies()) {
                        then.accept(answer);
                    }
                },
                failed);
    }

    private void connect() {
        session = new LedgerSession(world, node, ledger);
        if (!ledger.open(session)) {
            wentWrong();
            return;
        }
        this.<Welcome>ask(
                answer -> answer.accept(new Welcome(ledger.head(), ledger.contradiction(known))),
                this::connected,
                this::wentWrong);
    }

    private void connected(Welcome welcome) {
        Optional<String> contradiction =
                bug == ClusterBug.DATABASE_BACK_UNNOTICED ? Optional.empty() : welcome.contradiction;
        if (contradiction.isPresent()) {
            if (refusal == null) {
                world.trace.add(node + " refuses", contradiction.get());
            }
            refusal = contradiction.get();
            queue.forEach(commit -> commit.refuse(refusal));
            queue.clear();
            wentWrong();
            return;
        }
        refusal = null;
        if (bug == ClusterBug.RECONNECTED_AT_THE_END || bug == ClusterBug.DATABASE_BACK_UNNOTICED) {
            known = welcome.head;
        }
        serve();
    }

    private void wentWrong() {
        session.close();
        session = null;
        node.later(RETRY, this::serve);
    }

    /** Reads a page of what others did, and then some more if there is more and the follower keeps up. */
    private void look(Runnable then) {
        boolean stale = world.happens(Fault.STALE_READ);
        this.<SharedLedger.Head>ask(
                answer -> answer.accept(stale ? ledger.staleHead(known.seq()) : ledger.head()),
                head -> {
                    heardClock(head);
                    if (head.seq() <= known.seq() || knowledge.isBehind()) {
                        then.run();
                    } else {
                        readPage(head, stale, then);
                    }
                },
                this::wentWrong);
    }

    private void readPage(SharedLedger.Head head, boolean stale, Runnable then) {
        long from = bug == ClusterBug.CATCH_UP_SKIPS_A_PAGE ? Math.max(known.seq(), head.seq() - PAGE) : known.seq();
        long last = Math.min(head.seq(), from + PAGE);
        this.<Page>ask(
                answer -> answer.accept(new Page(ledger.at(last), ledger.changed(from, last, stale))),
                page -> {
                    known = page.last;
                    tell(last, page.changed);
                    look(then);
                },
                this::wentWrong);
    }

    private void tell(long last, Map<Ipv4, Optional<Lease>> changed) {
        world.trace.add(node + " reads", "up to event " + last, changed.values());
        knowledge.tell(last, changed);
    }

    private void store(List<Commit> group) {
        if (bug == ClusterBug.CHECKED_BEFORE_THE_LOCK) {
            look(() -> lock(group));
        } else {
            lock(group);
        }
    }

    private void lock(List<Commit> group) {
        LedgerSession mine = session;
        this.<SharedLedger.Head>ask(
                answer -> ledger.lock(mine, answer), head -> locked(group, head), () -> notStored(group));
    }

    private void locked(List<Commit> group, SharedLedger.Head head) {
        heardClock(head);
        if (bug == ClusterBug.NOTIFIED_ONLY || bug == ClusterBug.CHECKED_BEFORE_THE_LOCK) {
            write(group, head);
        } else if (head.seq() - known.seq() > PAGE || knowledge.isBehind()) {
            ledger.rollback(session);
            putBack(group);
            look(() -> node.later(QUICK, this::serve));
        } else {
            long last = head.seq();
            this.<Map<Ipv4, Optional<Lease>>>ask(
                    answer -> answer.accept(ledger.changed(known.seq(), last, false)),
                    changed -> {
                        if (known.seq() < last) {
                            known = head;
                            tell(last, changed);
                        }
                        write(group, head);
                    },
                    () -> notStored(group));
        }
    }

    private void notStored(List<Commit> group) {
        putBack(group);
        wentWrong();
    }

    private void putBack(List<Commit> group) {
        for (int i = group.size() - 1; i >= 0; i--) {
            queue.addFirst(group.get(i));
        }
    }

    private void write(List<Commit> group, SharedLedger.Head head) {
        List<Commit> admitted =
                group.stream().filter(commit -> isAdmitted(commit, head)).toList();
        List<List<LeaseChange>> changes = admitted.stream()
                .map(Commit::changes)
                .filter(each -> !each.isEmpty())
                .toList();
        Instant serverTime = head.serverTime();
        for (Commit commit : admitted) {
            serverTime = commit.latest(serverTime);
        }
        if (changes.isEmpty() && serverTime.equals(head.serverTime())) {
            ledger.rollback(session);
            acknowledge(admitted, head);
            return;
        }
        Instant latest = serverTime;
        LedgerSession mine = session;
        this.<SharedLedger.Head>ask(
                answer -> ledger.commit(mine, head, changes, latest, answer),
                next -> acknowledge(
                        admitted,
                        bug == ClusterBug.NOTIFIED_ONLY || bug == ClusterBug.CHECKED_BEFORE_THE_LOCK ? known : next),
                () -> outcomeUnknown(admitted));
    }

    private boolean isAdmitted(Commit commit, SharedLedger.Head head) {
        Optional<String> contradiction = knowledge.contradiction(commit.changes, commit.base);
        if (contradiction.isPresent() && bug != ClusterBug.VERSION_CHECK_LEFT_OUT) {
            world.trace.add(node + " lost", commit.changes, contradiction.get());
            commit.stored.completeExceptionally(new LostRace(contradiction.get()));
            return false;
        }
        if (ahead - commit.ahead > Timeline.SECOND && bug != ClusterBug.DATABASE_CLOCK_ASKED_ONCE) {
            commit.stored.completeExceptionally(new LostRace("decided by a clock that is behind"));
            return false;
        }
        if (commit.endsTooEarly(head.now()) && bug != ClusterBug.EXPIRY_BY_LOCAL_CLOCK) {
            commit.refuse("by the clock of the database it is leased");
            return false;
        }
        return true;
    }

    private void outcomeUnknown(List<Commit> group) {
        switch (bug) {
            case UNKNOWN_OUTCOME_TAKEN_FOR_SUCCESS -> group.forEach(commit -> commit.stored.complete(null));
            case UNKNOWN_OUTCOME_TRIED_AGAIN -> {
                known = ledger.head();
                putBack(group);
            }
            case UNKNOWN_OUTCOME_TAKEN_FOR_FAILURE -> {
                known = ledger.head();
                group.forEach(commit -> commit.refuse("not stored"));
            }
            default -> group.forEach(commit -> commit.refuse("it cannot be known whether it was stored"));
        }
        wentWrong();
    }

    private void acknowledge(List<Commit> stored, SharedLedger.Head head) {
        known = head;
        Map<Ipv4, Optional<Lease>> standing = new LinkedHashMap<>();
        Map<Ipv4, Optional<Lease>> untold = new LinkedHashMap<>();
        for (Commit commit : stored) {
            commit.changes.forEach(change -> standing.put(
                    change.lease().address(), change.kind().ends() ? Optional.empty() : Optional.of(change.lease())));
        }
        for (Commit commit : stored) {
            if (!commit.stored.complete(null) && bug != ClusterBug.OVERDUE_COMMIT_FORGOTTEN) {
                commit.changes.forEach(change -> untold.put(
                        change.lease().address(), standing.get(change.lease().address())));
            }
        }
        if (!untold.isEmpty()) {
            knowledge.tell(known.seq(), untold);
        }
        if (!node.dies()) {
            rest();
        }
    }

    /** The node is gone. */
    void abandon() {
        if (session != null) {
            session.close();
        }
    }
}
