package org.jbootd.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

/** What every {@link LeaseStore} keeps; the fake and the real ones extend it. */
public abstract class LeaseStoreContract {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01.123456Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");
    private static final Ipv4 SECOND = Ipv4.parse("10.0.0.101");
    private static final Ipv4 HIGH = Ipv4.parse("223.255.255.254");

    /** An empty store, the same one at each call within a test. */
    protected abstract LeaseStore store();

    /** Closes {@link #store} in order and opens what it left; from then on {@link #store} may not be used. */
    protected abstract LeaseStore reopened();

    @Test
    void an_empty_store_holds_nothing_since_the_beginning_of_time() {
        assertThat(store().load()).isEmpty();
        assertThat(store().latest()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void a_lease_comes_back_with_every_field() {
        List<Lease> leases = List.of(plain(FIRST), rich(SECOND), infinite(HIGH));
        store().load();
        leases.forEach(lease -> commit(bound(lease)));
        assertThat(reopened().load()).containsExactlyInAnyOrderElementsOf(leases);
    }

    @Test
    void what_a_client_is_known_by_comes_back() {
        store().load();
        Lease one = rich(FIRST).by(Identification.CLIENT_ID);
        Lease other = plain(SECOND).by(Identification.CLIENT_ID);
        Lease third = rich(HIGH).by(Identification.HARDWARE);
        commit(bound(one), bound(other), bound(third));
        assertThat(reopened().load()).containsExactlyInAnyOrder(one, other, third);
    }

    @Test
    void every_state_comes_back() {
        store().load();
        Lease released = with(plain(FIRST), Lease.State.RELEASED, NOW, NOW);
        Lease declined = with(plain(SECOND), Lease.State.DECLINED, NOW, NOW.plus(HOUR));
        commit(bound(plain(FIRST)), new LeaseChange(Kind.RELEASED, released));
        commit(new LeaseChange(Kind.DECLINED, declined));
        assertThat(reopened().load()).containsExactlyInAnyOrder(released, declined);
    }

    @Test
    void the_last_change_of_an_address_counts() {
        store().load();
        Lease renewed = with(
                plain(FIRST), Lease.State.BOUND, NOW.plus(HOUR), NOW.plus(HOUR).plus(HOUR));
        commit(bound(plain(FIRST)));
        commit(new LeaseChange(Kind.RENEWED, renewed));
        assertThat(reopened().load()).containsExactly(renewed);
    }

    @Test
    void changes_within_one_commit_apply_in_order() {
        store().load();
        Lease next = new Lease(
                FIRST,
                "lan",
                client(7),
                Optional.empty(),
                false,
                Lease.State.BOUND,
                NOW.plus(HOUR),
                NOW.plus(HOUR).plus(HOUR));
        commit(bound(plain(FIRST)));
        commit(new LeaseChange(Kind.ENDED, plain(FIRST)), bound(next));
        assertThat(reopened().load()).containsExactly(next);
    }

    @Test
    void an_ended_lease_leaves_nothing() {
        store().load();
        commit(bound(plain(FIRST)), bound(rich(SECOND)));
        commit(new LeaseChange(Kind.ENDED, plain(FIRST)));
        assertThat(reopened().load()).containsExactly(rich(SECOND));
    }

    @Test
    void commits_that_overlap_keep_their_order() {
        store().load();
        List<CompletionStage<Void>> stages = new ArrayList<>();
        Lease lease = plain(FIRST);
        for (int i = 0; i < 200; i++) {
            lease = with(
                    plain(FIRST),
                    Lease.State.BOUND,
                    NOW.plusSeconds(i),
                    NOW.plusSeconds(i).plus(HOUR));
            stages.add(store().commit(List.of(new LeaseChange(i == 0 ? Kind.BOUND : Kind.RENEWED, lease))));
        }
        stages.forEach(LeaseStoreContract::done);
        assertThat(reopened().load()).containsExactly(lease);
    }

    @Test
    void a_commit_of_nothing_succeeds() {
        store().load();
        done(store().commit(List.of()));
        assertThat(reopened().load()).isEmpty();
    }

    @Test
    void a_change_that_cannot_be_stored_takes_its_whole_commit_along_and_no_other() {
        store().load();
        commit(bound(plain(FIRST)));
        List<LeaseChange> broken = new ArrayList<>();
        broken.add(bound(rich(SECOND)));
        broken.add(null);
        assertThatThrownBy(() -> done(store().commit(broken))).isInstanceOf(Exception.class);
        commit(bound(infinite(HIGH)));
        assertThat(reopened().load()).containsExactlyInAnyOrder(plain(FIRST), infinite(HIGH));
    }

    @Test
    void the_latest_time_is_that_of_the_youngest_change_and_never_goes_back() {
        store().load();
        Instant later = NOW.plus(HOUR);
        commit(bound(with(plain(FIRST), Lease.State.BOUND, later, later.plus(HOUR))));
        commit(bound(rich(SECOND)));
        commit(new LeaseChange(Kind.ENDED, with(plain(FIRST), Lease.State.BOUND, later, later.plus(HOUR))));
        assertThat(reopened().latest()).isEqualTo(later);
    }

    /** Commits and waits until it is on disk. */
    protected final void commit(LeaseChange... changes) {
        done(store().commit(List.of(changes)));
    }

    private static void done(CompletionStage<Void> stage) {
        CompletableFuture<Void> future = stage.toCompletableFuture();
        future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static LeaseChange bound(Lease lease) {
        return new LeaseChange(Kind.BOUND, lease);
    }

    /** A lease of an address without anything optional. */
    protected static Lease plain(Ipv4 address) {
        return new Lease(
                address,
                "lan",
                client(address.bits() & 0xff),
                Optional.empty(),
                false,
                Lease.State.BOUND,
                NOW,
                NOW.plus(HOUR));
    }

    /** A lease of an address with all there can be. */
    protected static Lease rich(Ipv4 address) {
        ClientIdentity client = new ClientIdentity(
                new HardwareAddress(6, Octets.parseHex("000102030405060708090a0b0c0d0e0f")),
                Optional.of(Octets.parseHex("00ff7f80".repeat(60))),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        return new Lease(
                address, "lan 2 'ä'; --", client, Optional.of("h\"'\\ß"), true, Lease.State.BOUND, NOW, NOW.plus(HOUR));
    }

    /** A lease without end. */
    protected static Lease infinite(Ipv4 address) {
        return with(plain(address), Lease.State.BOUND, NOW, Instant.MAX);
    }

    private static Lease with(Lease lease, Lease.State state, Instant since, Instant until) {
        return new Lease(
                lease.address(),
                lease.subnet(),
                lease.client(),
                lease.hostName(),
                lease.networkBooted(),
                state,
                since,
                until);
    }

    private static ClientIdentity client(int last) {
        return ClientIdentity.of(
                HardwareAddress.ethernet(Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) last)));
    }
}
