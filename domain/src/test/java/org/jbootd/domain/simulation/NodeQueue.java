package org.jbootd.domain.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What waits for the ledger. */
final class NodeQueue {

    private static final int GROUP = 8;

    private final Deque<NodeCommit> waiting = new ArrayDeque<>();

    void add(NodeCommit commit) {
        waiting.add(commit);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The first that somebody waits for still, no more than fit into a transaction. */
    List<NodeCommit> take() {
        List<NodeCommit> group = new ArrayList<>();
        while (!waiting.isEmpty() && group.size() < GROUP) {
            NodeCommit next = waiting.remove();
            if (!next.isDone()) {
                group.add(next);
            }
        }
        return group;
    }

    void putBack(List<NodeCommit> group) {
        for (int i = group.size() - 1; i >= 0; i--) {
            waiting.addFirst(group.get(i));
        }
    }

    void refuseAll(String why) {
        waiting.forEach(commit -> commit.refuse(why));
        waiting.clear();
    }
}
