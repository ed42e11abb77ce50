package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.ANNAS_UUID;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.DECLINE_TIMEOUT;
import static org.jbootd.domain.exchange.Scene.DORA;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.LEASE_TIME;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.SELF;
import static org.jbootd.domain.exchange.Scene.START;
import static org.jbootd.domain.exchange.Scene.THIRD;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.decline;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.pass;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.restart;
import static org.jbootd.domain.exchange.Scene.storeFails;
import static org.jbootd.domain.exchange.Scene.tick;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.DECLINED;
import static org.jbootd.domain.lease.LeaseChange.Kind.ENDED;
import static org.jbootd.domain.lease.LeaseChange.Kind.EXPIRED;
import static org.jbootd.domain.lease.LeaseChange.Kind.IMPORTED;
import static org.jbootd.domain.lease.LeaseChange.Kind.MOVED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RESERVED;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of leases when an operator takes a hand. */
class OperatorTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void an_operator_knows(Row row) {
        row.play();
    }

    private static Step order(String expected, BiFunction<LeaseBook, Instant, Claim> wish) {
        return scene -> {
            CompletableFuture<Claim> claim =
                    scene.desk.order(wish, Cause.OPERATOR).toCompletableFuture();
            scene.run();
            assertThat(claim).isDone();
            String done = claim.isCompletedExceptionally() ? "not stored" : text(claim.join());
            assertThat(done).isEqualTo(expected);
        };
    }

    private static String text(Claim claim) {
        if (claim instanceof Claim.Configured configured) {
            return configured.address() + " by the settings";
        }
        if (claim instanceof Claim.OnOffer offer) {
            return "on offer for " + offer.left().toSeconds() + " s";
        }
        return claim instanceof Claim.Refused refused
                ? refused.refusal().name()
                : claim.getClass().getSimpleName();
    }

    private static Step takeBack(String address, String expected) {
        return order(expected, (book, now) -> book.takeBack(Ipv4.parse(address), now));
    }

    private static Step reserve(String machine, String address, String expected) {
        return order(expected, (book, now) -> book.reserve(client(machine), Ipv4.parse(address), now));
    }

    private static Step takeOver(String machine, String address, Instant until, String expected) {
        return order(
                expected,
                (book, now) -> book.takeOver(client(machine), Optional.of("node"), Ipv4.parse(address), until, now));
    }

    private static Request booting(int xid) {
        return Scene.request(ANNA, BootStage.FIRMWARE, "lan", xid);
    }

    private static ClientIdentity client(String machine) {
        return ClientIdentity.of(HardwareAddress.parse(machine));
    }

    static Stream<Row> rows() {
        Setting one = new Setting().pool(FIRST, 1);
        return Stream.of(
                Row.of(
                        "an address that is taken back is anybody's, and its client's as long as it is nobody's",
                        one,
                        boots(ANNA, FIRST),
                        takeBack(FIRST, "Granted"),
                        takeBack(FIRST, "Kept"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        takeBack(FIRST, "Granted"),
                        boots(BERT, FIRST),
                        recorded(BOUND, RELEASED, BOUND, RELEASED, RECLAIMED, BOUND)),
                Row.of(
                        "the rest of an address that was found in use can be ended",
                        new Setting().pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        takeBack(FIRST, "Granted"),
                        boots(BERT, FIRST),
                        recorded(BOUND, DECLINED, ENDED, BOUND)),
                Row.of(
                        "what is nobody's, or of no network of ours, cannot be taken back",
                        new Setting(),
                        takeBack(FIRST, "UNKNOWN_CLIENT"),
                        takeBack("192.0.2.1", "WRONG_NETWORK"),
                        recorded()),
                Row.of(
                        "an address is kept for who has not come yet",
                        new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO),
                        reserve(ANNA, FIRST, "Granted"),
                        reserve(ANNA, FIRST, "Kept"),
                        reserve(BERT, FIRST, "TAKEN"),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        restart(),
                        pass(Duration.ofDays(99)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        boots(ANNA, FIRST),
                        pass(Duration.ofDays(99)),
                        tick(),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        takeBack(FIRST, "Granted"),
                        boots(BERT, FIRST),
                        recorded(RESERVED, BOUND, EXPIRED, RELEASED, RECLAIMED, BOUND)),
                Row.of(
                        "who has another address moves to the one that is kept for it",
                        new Setting(),
                        boots(ANNA, FIRST),
                        pass(Duration.ofMinutes(2)),
                        reserve(ANNA, SECOND, "Granted"),
                        ask(discover(BERT, FIRST), "OFFER 10.0.0.102"), // ANNA may still use the first one
                        ask(renew(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        boots(ANNA, SECOND),
                        recorded(BOUND, MOVED, DECLINED, RESERVED, BOUND),
                        scene -> assertThat(scene.store.history().get(2).lease())
                                .as("rests from the order to the end of the lease")
                                .extracting(Lease::since, Lease::until)
                                .containsExactly(
                                        scene.now,
                                        scene.store.history().get(0).lease().until()),
                        pass(LEASE_TIME.plusSeconds(2)),
                        boots(BERT, FIRST)),
                Row.of(
                        "the address that a client has can be kept for it as it is",
                        new Setting(),
                        boots(ANNA, FIRST),
                        reserve(ANNA, FIRST, "Granted"),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RESERVED, RENEWED)),
                Row.of(
                        "what another has is not kept for somebody else",
                        new Setting(),
                        boots(ANNA, FIRST),
                        reserve(BERT, FIRST, "TAKEN"),
                        reserve(BERT, "10.0.0.1", "OUTSIDE_POOL"),
                        reserve(BERT, "192.0.2.1", "WRONG_NETWORK"),
                        recorded(BOUND)),
                Row.of(
                        "what is kept for a machine stays so when it declines that",
                        new Setting().pool(FIRST, 2).reclaimAfter(Duration.ZERO),
                        reserve(ANNA, FIRST, "Granted"),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        reserve(ANNA, FIRST, "Kept"),
                        reserve(BERT, FIRST, "TAKEN"),
                        boots(ANNA, SECOND),
                        restart(),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        tick(),
                        reserve(BERT, FIRST, "TAKEN"),
                        boots(BERT, SECOND), // whose lease has ended; the kept one has rested, and is nobody else's
                        ask(discover(CARL), "SILENCE POOL_EXHAUSTED"),
                        boots(ANNA, FIRST),
                        recorded(RESERVED, BOUND, DECLINED, BOUND, EXPIRED, RECLAIMED, BOUND, ENDED, BOUND),
                        pass(Duration.ofDays(99)),
                        tick(),
                        ask(discover(CARL), "OFFER " + SECOND),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "it moves back to what is kept for it once that has rested",
                        new Setting(),
                        reserve(ANNA, FIRST, "Granted"),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(ANNA, SECOND),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        ask(renew(ANNA, SECOND), "NAK WRONG_ADDRESS"),
                        boots(ANNA, FIRST),
                        recorded(RESERVED, BOUND, DECLINED, BOUND, MOVED, ENDED, BOUND)),
                Row.of(
                        "a rest that is kept for a machine is not cut short for another one",
                        new Setting().pool(FIRST, 3),
                        reserve(ANNA, FIRST, "Granted"),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(BERT, SECOND),
                        ask(decline(BERT, SECOND), "SILENCE DONE"),
                        recorded(RESERVED, BOUND, DECLINED, BOUND, DECLINED)),
                Row.of(
                        "what is kept for a machine that declined it is kept no more once another is, or it is taken back",
                        new Setting(),
                        reserve(ANNA, FIRST, "Granted"),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        takeOver(ANNA, THIRD, START.plus(LEASE_TIME), "WRONG_ADDRESS"),
                        reserve(ANNA, SECOND, "Granted"),
                        boots(ANNA, SECOND),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        boots(BERT, FIRST),
                        ask(decline(ANNA, SECOND), "SILENCE DONE"),
                        takeBack(SECOND, "Granted"),
                        ask(discover(CARL), "OFFER " + THIRD), // doubtful ones later
                        recorded(RESERVED, BOUND, DECLINED, DECLINED, RESERVED, BOUND, ENDED, BOUND, DECLINED, ENDED)),
                Row.of(
                        "nothing is kept for a machine that has another address by the settings",
                        new Setting().reserved(ANNA, "10.0.0.50"),
                        reserve(ANNA, FIRST, "10.0.0.50 by the settings"),
                        reserve(ANNA, "10.0.0.50", "Granted"),
                        recorded(RESERVED)),
                Row.of(
                        "what is on offer may be kept, or be somebody's, later",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(Duration.ofSeconds(10)),
                        reserve(BERT, FIRST, "on offer for 20 s"),
                        takeBack(FIRST, "on offer for 20 s"),
                        takeBack(SECOND, "UNKNOWN_CLIENT"),
                        pass(Duration.ofSeconds(20)),
                        takeBack(FIRST, "UNKNOWN_CLIENT"),
                        reserve(BERT, FIRST, "Granted"),
                        recorded(RESERVED)),
                Row.of(
                        "a lease of another server goes on here",
                        new Setting(),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME), "Granted"),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME), "Kept"),
                        takeOver(BERT, SECOND, START.plus(LEASE_TIME), "TAKEN"),
                        boots(BERT, FIRST),
                        ask(renew(ANNA, SECOND), "ACK " + SECOND + " 3600"),
                        recorded(IMPORTED, BOUND, RENEWED)),
                Row.of(
                        "of a lease that ended elsewhere the client is known, until somebody needs the address",
                        new Setting().pool(FIRST, 2),
                        takeOver(ANNA, SECOND, START.minusSeconds(9), "Granted"),
                        takeOver(ANNA, SECOND, START.minusSeconds(9), "Kept"),
                        takeOver(BERT, SECOND, START.minusSeconds(5), "TAKEN"),
                        restart(),
                        boots(BERT, FIRST),
                        boots(ANNA, SECOND),
                        recorded(IMPORTED, BOUND, BOUND)),
                Row.of(
                        "an address that ended elsewhere goes to who needs it",
                        new Setting().pool(FIRST, 1),
                        takeOver(ANNA, FIRST, START.minusSeconds(9), "Granted"),
                        boots(BERT, FIRST),
                        takeOver(ANNA, FIRST, START.minusSeconds(9), "TAKEN"),
                        recorded(IMPORTED, RECLAIMED, BOUND)),
                Row.of(
                        "who has an address here does not get one from elsewhere",
                        new Setting(),
                        boots(ANNA, FIRST),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME), "WRONG_ADDRESS"),
                        takeOver(ANNA, SECOND, START.minusSeconds(9), "WRONG_ADDRESS"),
                        pass(LEASE_TIME.multipliedBy(2)),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME), "WRONG_ADDRESS"),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME.multipliedBy(3)), "Granted"),
                        recorded(BOUND, EXPIRED, MOVED, IMPORTED)),
                Row.of(
                        "a reservation does not end because a lease is taken over, nor what is known of its end",
                        new Setting(),
                        reserve(ANNA, SECOND, "Granted"),
                        takeOver(ANNA, SECOND, START.plus(LEASE_TIME), "Granted"),
                        takeOver(ANNA, SECOND, START.minusSeconds(9), "Kept"),
                        pass(Duration.ofDays(99)),
                        reserve(BERT, SECOND, "TAKEN"),
                        recorded(RESERVED, IMPORTED)),
                Row.of(
                        "a longer lease from elsewhere leaves what is known of its machine",
                        new Setting(),
                        ask(new ClientMessage.Discover(booting(1), Optional.empty()), "OFFER " + FIRST),
                        ask(new ClientMessage.Select(booting(2), SELF, Ipv4.parse(FIRST)), "ACK " + FIRST + " 3600"),
                        takeOver(ANNA, FIRST, START.plus(LEASE_TIME.multipliedBy(3)), "Granted"),
                        scene -> assertThat(scene.store.load())
                                .singleElement()
                                .satisfies(lease ->
                                        assertThat(lease.networkBooted()).isTrue())
                                .satisfies(lease ->
                                        assertThat(lease.client().uuid()).contains(ANNAS_UUID))
                                .satisfies(lease -> assertThat(lease.hostName()).contains("node")),
                        recorded(BOUND, IMPORTED)),
                Row.of(
                        "what no pool has is not taken over",
                        new Setting(),
                        takeOver(ANNA, "10.0.0.1", START.plus(LEASE_TIME), "OUTSIDE_POOL"),
                        takeOver(ANNA, "10.0.0.255", START.plus(LEASE_TIME), "WRONG_NETWORK"),
                        takeOver(ANNA, "192.0.2.1", START.plus(LEASE_TIME), "WRONG_NETWORK"),
                        recorded()),
                Row.of(
                        "an order that cannot be stored changes nothing",
                        new Setting(),
                        boots(ANNA, FIRST),
                        storeFails(true),
                        takeBack(FIRST, "not stored"),
                        storeFails(false),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RENEWED)));
    }
}
