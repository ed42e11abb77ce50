package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

/** Whether a lease is over is for the clock of the database to say. */
class CommitTest {

    private static final Instant END = Instant.parse("2026-05-04T03:02:01Z");
    private static final String ANNA = "02-00-00-00-00-0A";
    private static final String BERT = "02-00-00-00-00-0B";

    private static LeaseChange change(Kind kind, String machine, Lease.State state) {
        return change(kind, ClientIdentity.of(HardwareAddress.parse(machine)), state);
    }

    private static LeaseChange change(Kind kind, ClientIdentity client, Lease.State state) {
        return new LeaseChange(
                kind,
                new Lease(
                        Ipv4.parse("10.0.0.100"),
                        "lan",
                        client,
                        Optional.empty(),
                        false,
                        state,
                        END.minusSeconds(60),
                        END));
    }

    private static Commit commit(LeaseChange... changes) {
        return new Commit(
                List.of(changes),
                Instant.EPOCH,
                0,
                new DatabaseClock(END, System.nanoTime(), System::nanoTime).latest(),
                0,
                new CompletableFuture<>());
    }

    @Test
    void aLeaseDoesNotRunOutBeforeItsEnd() {
        Commit commit = commit(change(Kind.EXPIRED, ANNA, Lease.State.EXPIRED));
        assertThat(commit.endsTooEarly(END.minusMillis(1)))
                .contains("by the clock of the database, 2026-05-04T03:02:00.999Z, 10.0.0.100 is leased until"
                        + " 2026-05-04T03:02:01Z");
        assertThat(commit.endsTooEarly(END)).isEmpty();
    }

    @Test
    void anAddressDoesNotGoToAnotherMachineBeforeItsEnd() {
        Commit commit =
                commit(change(Kind.RECLAIMED, ANNA, Lease.State.BOUND), change(Kind.BOUND, BERT, Lease.State.BOUND));
        assertThat(commit.endsTooEarly(END.minusMillis(1))).isPresent();
        assertThat(commit.endsTooEarly(END)).isEmpty();
    }

    @Test
    void aMachineMayTakeItsAddressOverFromItself() {
        Commit commit =
                commit(change(Kind.RECLAIMED, ANNA, Lease.State.BOUND), change(Kind.BOUND, ANNA, Lease.State.BOUND));
        assertThat(commit.endsTooEarly(END.minusMillis(1))).isEmpty();
    }

    @Test
    void aClientMayTakeItsAddressAlongToAnotherMachine() {
        Commit commit = commit(
                change(Kind.RECLAIMED, system(ANNA), Lease.State.BOUND),
                change(Kind.BOUND, system(BERT), Lease.State.BOUND));
        assertThat(commit.endsTooEarly(END.minusMillis(1))).isEmpty();
    }

    private static ClientIdentity system(String machine) {
        return new ClientIdentity(
                        HardwareAddress.parse(machine), Optional.of(Octets.parseHex("ff01")), Optional.empty())
                .by(Identification.CLIENT_ID);
    }
}
