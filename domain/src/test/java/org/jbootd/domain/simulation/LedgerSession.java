package org.jbootd.domain.simulation;

import java.util.function.Consumer;

/**
 * A connection of a node to the ledger. Requests arrive in order, or not at all; of one that was not answered the node cannot know
 * whether it was carried out.
 */
final class LedgerSession {

    /** What is asked for. The answer may take its time. */
    interface Request<T> {
        void carryOut(Consumer<T> answer);
    }

    private static final long QUICK = 300_000;

    /** A transaction that takes longer is given up by the node. */
    private static final long MOST = 3 * Timeline.SECOND;

    private final World world;
    private final SimNode node;
    private final SharedLedger ledger;
    private boolean ended;
    private boolean closed;
    private long lastArrival;
    private Runnable pending;

    LedgerSession(World world, SimNode node, SharedLedger ledger) {
        this.world = world;
        this.node = node;
        this.ledger = ledger;
    }

    /** @param failed instead of {@code then}, when it is not known what became of it */
    <T> void ask(Request<T> request, Consumer<T> then, Runnable failed) {
        boolean[] settled = {false};
        Runnable fail = () -> {
            if (!settled[0] && !closed) {
                settled[0] = true;
                failed.run();
            }
        };
        pending = fail;
        node.later(MOST, fail);
        boolean cut = world.happens(Fault.CONNECTION_CUT);
        boolean carriedOut = !cut || world.chance.of(0.5);
        long now = world.timeline.elapsed();
        lastArrival = Math.max(lastArrival, now + world.chance.nanos(QUICK / 10, QUICK));
        ledger.later(lastArrival - now, () -> {
            if (node.isCutFromDatabase()) {
                return;
            }
            if (!ledger.isUp() || ended || !carriedOut) {
                end();
                return;
            }
            request.carryOut(answer -> {
                if (cut) {
                    end();
                    return;
                }
                node.later(world.chance.nanos(QUICK / 10, QUICK), () -> {
                    if (!settled[0] && !closed && !node.isCutFromDatabase()) {
                        settled[0] = true;
                        then.accept(answer);
                    }
                });
            });
        });
        if (!ledger.isUp()) {
            end();
        }
    }

    /** The database ends it, or finds it ended. Its client hears of it when the network lets it. */
    void end() {
        if (!ended) {
            ended = true;
            ledger.gone(this);
        }
        Runnable waits = pending;
        if (waits != null) {
            node.later(world.chance.nanos(QUICK / 10, QUICK), () -> {
                if (!node.isCutFromDatabase()) {
                    waits.run();
                }
            });
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** The node ends it, or is gone. */
    void close() {
        closed = true;
        if (!node.isCutFromDatabase()) {
            ledger.later(QUICK, () -> {
                ended = true;
                ledger.gone(this);
            });
        }
    }
}
