package org.jbootd.domain.simulation;

import java.time.Instant;
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
import org.jbootd.domain.net.Ipv4;

/**
 * The store of one node: stores what waits in one transaction, in which it first reads what others have stored, and refuses what was
 * decided without knowing that. Every answer of the database is an event of its own, before which the node may die or stand still.
 */
final class NodeStore implements LeaseStore {

    /** What others did, up to an event. */
    private record Page(SharedLedger.Head last, Map<Ipv4, Optional<Lease>> changed) {}

    /** What is found when it connects. @param contradiction to what is known */
    private record Welcome(SharedLedger.Head head, Optional<String> contradiction) {}

    private static final long PATIENCE = 4 * Timeline.SECOND;
    private static final long LOOK = 3 * Timeline.SECOND;
    private static final long RETRY = Timeline.SECOND / 2;
    private static final long QUICK = 100_000;
    private static final int PAGE = 6;

    private final World world;
    private final SimNode node;
    private final SharedLedger ledger;
    private final ClusterBug bug;
    private final Knowledge knowledge;
    private final List<Lease> loaded;
    private final NodeQueue queue = new NodeQueue();
    private SharedLedger.Head known;
    private LedgerSession session;
    private String refusal;
    private boolean busy;
    private int rests;

    private final SharedClock clock;

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
        clock = new SharedClock(node);
        clock.heard(known);
    }

    /** What the database's clock says, or has said. */
    Instant reached() {
        return bug == ClusterBug.DATABASE_CLOCK_ASKED_ONCE ? Instant.EPOCH : clock.reached();
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
        NodeCommit commit =
                new NodeCommit(changes, serverTime, knowledge.base(), clock.ahead(), new CompletableFuture<>());
        if (node.dies()) {
            return commit.stored();
        }
        if (refusal != null) {
            commit.refuse(refusal);
            return commit.stored();
        }
        queue.add(commit);
        node.later(PATIENCE, () -> {
            if (!commit.isDone()) {
                commit.refuse("the database takes too long");
            }
        });
        wake();
        return commit.stored();
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
        List<NodeCommit> group = queue.take();
        if (group.isEmpty()) {
            look(this::rest);
        } else {
            knowledge.forget(group.get(0).base());
            if (bug == ClusterBug.CHECKED_BEFORE_THE_LOCK) {
                look(() -> lock(group));
            } else {
                lock(group);
            }
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
            queue.refuseAll(refusal);
            wentWrong();
            return;
        }
        refusal = null;
        if (bug == ClusterBug.RECONNECTED_AT_THE_END || bug == ClusterBug.DATABASE_BACK_UNNOTICED) {
            known = welcome.head;
        }
        serve();
    }

    private void wentWrong(List<NodeCommit> group) {
        queue.putBack(group);
        wentWrong();
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
                    clock.heard(head);
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

    private void lock(List<NodeCommit> group) {
        LedgerSession mine = session;
        this.<SharedLedger.Head>ask(
                answer -> ledger.lock(mine, answer), head -> locked(group, head), () -> wentWrong(group));
    }

    private void locked(List<NodeCommit> group, SharedLedger.Head head) {
        clock.heard(head);
        if (!bug.readsInTransaction()) {
            write(group, head);
        } else if (head.seq() - known.seq() > PAGE || knowledge.isBehind()) {
            ledger.rollback(session);
            queue.putBack(group);
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
                    () -> wentWrong(group));
        }
    }

    private void write(List<NodeCommit> group, SharedLedger.Head head) {
        List<NodeCommit> admitted =
                group.stream().filter(commit -> isAdmitted(commit, head)).toList();
        List<List<LeaseChange>> changes = admitted.stream()
                .map(NodeCommit::changes)
                .filter(each -> !each.isEmpty())
                .toList();
        Instant serverTime = head.serverTime();
        for (NodeCommit commit : admitted) {
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
                next -> acknowledge(admitted, bug.readsInTransaction() ? next : known),
                () -> outcomeUnknown(admitted));
    }

    private boolean isAdmitted(NodeCommit commit, SharedLedger.Head head) {
        Optional<String> contradiction = knowledge.contradiction(commit.changes(), commit.base());
        if (contradiction.isPresent() && bug != ClusterBug.VERSION_CHECK_LEFT_OUT) {
            world.trace.add(node + " lost", commit.changes(), contradiction.get());
            commit.stored().completeExceptionally(new LostRace(contradiction.get()));
            return false;
        }
        if (clock.ahead() - commit.ahead() > Timeline.SECOND && bug != ClusterBug.DATABASE_CLOCK_ASKED_ONCE) {
            commit.stored().completeExceptionally(new LostRace("decided by a clock that is behind"));
            return false;
        }
        if (commit.endsTooEarly(head.now()) && bug != ClusterBug.EXPIRY_BY_LOCAL_CLOCK) {
            commit.refuse("by the clock of the database it is leased");
            return false;
        }
        return true;
    }

    private void outcomeUnknown(List<NodeCommit> group) {
        if (bug == ClusterBug.UNKNOWN_OUTCOME_TRIED_AGAIN || bug == ClusterBug.UNKNOWN_OUTCOME_TAKEN_FOR_FAILURE) {
            known = ledger.head();
        }
        switch (bug) {
            case UNKNOWN_OUTCOME_TAKEN_FOR_SUCCESS ->
                group.forEach(commit -> commit.stored().complete(null));
            case UNKNOWN_OUTCOME_TRIED_AGAIN -> queue.putBack(group);
            default -> group.forEach(commit -> commit.refuse("it cannot be known whether it was stored"));
        }
        wentWrong();
    }

    private void acknowledge(List<NodeCommit> stored, SharedLedger.Head head) {
        known = head;
        Map<Ipv4, Optional<Lease>> standing = NodeCommit.standing(stored);
        Map<Ipv4, Optional<Lease>> untold = new LinkedHashMap<>();
        for (NodeCommit commit : stored) {
            commit.changes()
                    .forEach(change -> standing.put(
                            change.lease().address(),
                            change.kind().ends() ? Optional.empty() : Optional.of(change.lease())));
        }
        for (NodeCommit commit : stored) {
            if (!commit.stored().complete(null) && bug != ClusterBug.OVERDUE_COMMIT_FORGOTTEN) {
                commit.changes()
                        .forEach(change -> untold.put(
                                change.lease().address(),
                                standing.get(change.lease().address())));
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
