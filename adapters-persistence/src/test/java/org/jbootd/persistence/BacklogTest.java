package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jbootd.domain.lease.LeaseChange;
import org.junit.jupiter.api.Test;

/** What waits for the database waits in order, and in bounds. */
class BacklogTest {

    private static final LeaseChange CHANGE =
            new RandomChanges(new Random(1)).group().get(0);

    private final Backlog backlog = new Backlog(0);

    private void add(int changes) {
        backlog.add(new JournalEntry(
                backlog.lastSeq() + 1, Instant.EPOCH, Instant.EPOCH, Collections.nCopies(changes, CHANGE)));
    }

    @Test
    void whatIsBehindTheMarkComesInOrder() {
        add(2);
        add(3);
        add(1);
        assertThat(backlog.behind(2, 3)).extracting(JournalEntry::firstSeq).containsExactly(3L);
        assertThat(backlog.behind(5, 100)).extracting(JournalEntry::firstSeq).containsExactly(6L);
        assertThat(backlog.behind(6, 100)).isEmpty();
    }

    @Test
    void aDatabaseFarBehindIsSentToTheJournal() {
        int entry = 1000;
        while (backlog.lastSeq() < 3L * Backlog.MAX_CHANGES) {
            add(entry);
        }
        List<JournalEntry> kept = backlog.behind(0, Integer.MAX_VALUE);
        assertThat(kept.get(0).firstSeq()).isGreaterThan(1);
        assertThat(kept.get(kept.size() - 1).lastSeq()).isEqualTo(backlog.lastSeq());
        assertThat(kept.stream().mapToInt(one -> one.changes().size()).sum())
                .isBetween(Backlog.MAX_CHANGES - entry, Backlog.MAX_CHANGES);
    }
}
