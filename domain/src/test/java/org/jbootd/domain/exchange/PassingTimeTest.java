package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.DECLINE_TIMEOUT;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.LEASE_TIME;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.START;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.bootp;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.decline;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.holdStore;
import static org.jbootd.domain.exchange.Scene.letStoreGo;
import static org.jbootd.domain.exchange.Scene.pass;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.restart;
import static org.jbootd.domain.exchange.Scene.select;
import static org.jbootd.domain.exchange.Scene.storeFails;
import static org.jbootd.domain.exchange.Scene.tick;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.DECLINED;
import static org.jbootd.domain.lease.LeaseChange.Kind.ENDED;
import static org.jbootd.domain.lease.LeaseChange.Kind.EXPIRED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Occasion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the history says of leases that nobody renews. */
class PassingTimeTest {

    /** A lease is kept for some moments longer than its machine was told. */
    private static final Duration OVER = LEASE_TIME.plusSeconds(2);

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void history_says(Row row) {
        row.play();
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of(
                        "a lease that runs out is recorded once, and not before",
                        boots(ANNA, FIRST),
                        pass(LEASE_TIME),
                        tick(),
                        recorded(BOUND),
                        pass(Duration.ofSeconds(2)),
                        tick(),
                        tick(),
                        recorded(BOUND, EXPIRED)),
                Row.of(
                        "it is recorded once, restart or not",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        restart(),
                        tick(),
                        restart(),
                        tick(),
                        recorded(BOUND, EXPIRED)),
                Row.of(
                        "who comes back has its address, and a new lease",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        tick(),
                        boots(BERT, SECOND),
                        ask(reboot(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, EXPIRED, BOUND, BOUND),
                        pass(OVER),
                        tick(),
                        recorded(BOUND, EXPIRED, BOUND, BOUND, EXPIRED, EXPIRED)),
                Row.of(
                        "a renewal in time postpones it",
                        boots(ANNA, FIRST),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        pass(LEASE_TIME.dividedBy(2).plusSeconds(2)),
                        tick(),
                        recorded(BOUND, RENEWED),
                        pass(LEASE_TIME.dividedBy(2)),
                        tick(),
                        recorded(BOUND, RENEWED, EXPIRED)),
                Row.of(
                        "an expired address is nobody else's until it is reclaimed",
                        new Setting().pool(FIRST, 1).reclaimAfter(Duration.ofDays(1)),
                        boots(ANNA, FIRST),
                        pass(OVER),
                        tick(),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        pass(Duration.ofDays(1)),
                        boots(BERT, FIRST),
                        recorded(BOUND, EXPIRED, RECLAIMED, BOUND)),
                Row.of(
                        "without a time for it an expired address is never anybody else's",
                        new Setting().pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        pass(OVER),
                        tick(),
                        pass(Duration.ofDays(1000)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "an expired address can be given back",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        tick(),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        recorded(BOUND, EXPIRED, RELEASED)),
                Row.of(
                        "a rest that is over is recorded once, unless somebody is about to end it",
                        new Setting().pool(FIRST, 20),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(BERT, SECOND),
                        ask(decline(BERT, SECOND), "SILENCE DONE"),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        ask(discover(CARL), "OFFER " + FIRST),
                        tick(),
                        tick(),
                        recorded(BOUND, DECLINED, BOUND, DECLINED, ENDED),
                        ask(select(CARL, FIRST), "ACK " + FIRST + " 3600"),
                        tick(),
                        recorded(BOUND, DECLINED, BOUND, DECLINED, ENDED, ENDED, BOUND)),
                Row.of(
                        "what was given back, or has no end, does not expire",
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(bootp(BERT), "BOOTREPLY " + SECOND + " 4294967295"),
                        pass(OVER),
                        tick(),
                        recorded(BOUND, RELEASED, BOUND)),
                Row.of(
                        "who renews while it is being recorded is served after that",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        holdStore(),
                        tick(),
                        tick(),
                        ask(renew(ANNA, FIRST), "..."),
                        letStoreGo(),
                        recorded(BOUND, EXPIRED, BOUND)),
                Row.of(
                        "an offer outlives the record that the lease before has run out",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        tick(),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, EXPIRED, BOUND)),
                Row.of(
                        "what could not be recorded is tried again",
                        boots(ANNA, FIRST),
                        pass(OVER),
                        storeFails(true),
                        tick(),
                        recorded(BOUND),
                        storeFails(false),
                        tick(),
                        recorded(BOUND, EXPIRED)));
    }

    @Test
    void aLeaseThatRanOutEndedWhenItSaid() {
        Scene scene = new Scene(new Setting());
        boots(ANNA, FIRST).play(scene);
        Instant until = scene.store.load().get(0).until();
        scene.now = until.plusSeconds(1000);
        tick().play(scene);

        Lease lease = scene.store.load().get(0);
        assertThat(lease.state()).isEqualTo(Lease.State.EXPIRED);
        assertThat(lease.since()).isEqualTo(until);
        assertThat(lease.until()).isEqualTo(until);
        assertThat(lease.isLive(scene.now)).isFalse();
    }

    @Test
    void theHistoryTellsHowAChangeCameAbout() {
        Scene scene = new Scene(new Setting());
        ask(discover(ANNA), "OFFER " + FIRST).play(scene);
        scene.now = START.plusSeconds(2);
        ask(discover(ANNA), "OFFER " + FIRST).play(scene);
        scene.now = START.plusSeconds(3);
        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600").play(scene);
        scene.now = START.plus(LEASE_TIME.dividedBy(2));
        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600").play(scene);
        scene.now = START.plus(OVER).plus(OVER);
        tick().play(scene);
        ask(reboot(ANNA, FIRST), "ACK " + FIRST + " 3600").play(scene);
        ask(release(ANNA, FIRST), "SILENCE DONE").play(scene);

        assertThat(scene.store.history().stream().map(LeaseChange::occasion).map(Occasion::cause))
                .containsExactly(Cause.SELECT, Cause.RENEW, Cause.TIME, Cause.REBOOT, Cause.RELEASE);
        assertThat(scene.store.history().get(0).occasion().offered())
                .as("since the first DISCOVER")
                .contains(START);
        assertThat(scene.store.history().get(1).occasion().offered()).isEmpty();
        assertThat(scene.store.history().get(2).occasion().stage()).isEqualTo(Optional.empty());
        assertThat(scene.store.history().get(3).occasion().stage()).isPresent();
    }

    @Test
    void aLeaseBeginsNoSoonerThanItIsOffered() {
        Scene scene = new Scene(new Setting());
        scene.now = START.plusNanos(1_234_567);
        ask(discover(ANNA), "OFFER " + FIRST).play(scene);
        scene.now = START.plusNanos(1_236_789);
        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600").play(scene);

        assertThat(scene.store.history())
                .extracting(
                        change -> change.occasion().offered().orElseThrow(),
                        change -> change.lease().since())
                .containsExactly(tuple(START.plusNanos(1_234_000), START.plusNanos(1_236_000)));
    }

    @Test
    void aMessageIsNotToldOfTheLeasesThatMakeRoomForIt() {
        Scene scene = new Scene(new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO));
        boots(ANNA, FIRST).play(scene);
        pass(OVER).play(scene);
        tick().play(scene);
        boots(BERT, FIRST).play(scene);

        assertThat(scene.store.history()).hasSize(4);
        assertThat(scene.store.history().get(2))
                .extracting(LeaseChange::kind, LeaseChange::occasion)
                .containsExactly(LeaseChange.Kind.RECLAIMED, Occasion.of(Cause.SELECT));
        assertThat(scene.store.history().get(3).occasion().offered()).contains(scene.now);
    }
}
