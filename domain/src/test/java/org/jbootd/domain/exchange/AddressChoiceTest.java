package org.jbootd.domain.exchange;

import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.MOVED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which address a client gets, and which it does not. */
class AddressChoiceTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource({"allocation", "reservations", "reclaiming", "movedSettings"})
    void a_client_hears(Row row) {
        row.play();
    }

    static Stream<Row> allocation() {
        return Stream.of(
                Row.of("the first machine gets the first address", boots(ANNA, FIRST), recorded(BOUND)),
                Row.of(
                        "the pool is walked upwards",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        boots(CARL, THIRD),
                        recorded(BOUND, BOUND, BOUND)),
                Row.of(
                        "a repeated DISCOVER gets the same offer, and an offer costs no lease",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        recorded()),
                Row.of(
                        "an address on offer is offered to nobody else",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(discover(BERT), "OFFER " + SECOND),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND)),
                Row.of(
                        "an offer ends after its time",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT.minusMillis(1)),
                        ask(discover(BERT), "OFFER " + SECOND),
                        pass(Duration.ofMillis(1)),
                        ask(discover(CARL), "OFFER " + FIRST)),
                Row.of(
                        "a repeated DISCOVER holds the offer anew",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT.minusMillis(1)),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT.minusMillis(1)),
                        ask(discover(BERT), "OFFER " + SECOND)),
                Row.of(
                        "a machine with a lease is offered its address, whatever it hints at",
                        boots(ANNA, FIRST),
                        ask(discover(ANNA, SECOND), "OFFER " + FIRST)),
                Row.of("a free address is given to who asks for it", ask(discover(ANNA, THIRD), "OFFER " + THIRD)),
                Row.of(
                        "a leased address is not given to another who asks for it",
                        boots(ANNA, FIRST),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND)),
                Row.of(
                        "a useless hint is ignored",
                        new Setting().pool("10.0.0.0", 256).excluded("10.0.0.3").reserved(DORA, "10.0.0.4"),
                        boots(BERT, "10.0.0.2"),
                        ask(discover(ANNA, "0.0.0.0"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "255.255.255.255"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.0"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.255"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.1"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.2"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.3"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.0.4"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "192.0.2.10"), "OFFER 10.0.0.5"),
                        ask(discover(ANNA, "10.0.9.100"), "OFFER 10.0.0.5")),
                Row.of(
                        "network, broadcast and own address are nobody's",
                        new Setting().pool("10.0.0.254", 10),
                        boots(ANNA, "10.0.0.254"),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "without a free address there is silence, and holders do not notice",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        boots(CARL, THIRD),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED"),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(renew(BERT, SECOND), "ACK " + SECOND + " 3600")),
                Row.of(
                        "an empty pool serves nobody",
                        new Setting().pool(FIRST, 0),
                        ask(discover(ANNA), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "same machine, same address, for ever and after restarts",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        pass(Duration.ofDays(1000)),
                        restart(),
                        ask(discover(CARL), "OFFER " + THIRD),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED"),
                        boots(BERT, SECOND),
                        boots(ANNA, FIRST)),
                Row.of(
                        "a machine has an address on every network it is seen on",
                        boots(ANNA, FIRST),
                        ask(
                                new ClientMessage.Discover(
                                        request(ANNA, BootStage.OPERATING_SYSTEM, "annex", 1), Optional.empty()),
                                "OFFER 10.0.9.100"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "an unknown network is not served",
                        ask(
                                new ClientMessage.Discover(
                                        request(ANNA, BootStage.FIRMWARE, "elsewhere", 1), Optional.empty()),
                                "SILENCE NO_SUBNET")));
    }

    static Stream<Row> reservations() {
        Setting annas = new Setting().reserved(ANNA, FIRST);
        return Stream.of(
                Row.of("a reserved address goes to its machine", annas, boots(ANNA, FIRST)),
                Row.of(
                        "a reserved address goes to nobody else",
                        annas,
                        ask(discover(BERT), "OFFER " + SECOND),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(reboot(CARL, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(discover(CARL), "OFFER " + THIRD),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "an address outside the pool can be reserved",
                        new Setting().reserved(ANNA, "10.0.0.7"),
                        boots(ANNA, "10.0.0.7"),
                        ask(renew(ANNA, "10.0.0.7"), "ACK 10.0.0.7 3600")),
                Row.of(
                        "a machine with a reservation needs no record to be known",
                        annas,
                        ask(reboot(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        ask(reboot(ANNA, SECOND), "NAK WRONG_ADDRESS")),
                Row.of(
                        "our own address cannot be reserved",
                        new Setting().reserved(ANNA, "10.0.0.1"),
                        boots(ANNA, FIRST)),
                Row.of(
                        "a machine that gets a reservation moves at its renewal",
                        new Setting(),
                        boots(ANNA, FIRST),
                        restartWith(new Setting().reserved(ANNA, THIRD)),
                        ask(renew(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        boots(ANNA, THIRD),
                        recorded(BOUND, MOVED, BOUND),
                        boots(BERT, FIRST)),
                Row.of(
                        "who holds an address that was then reserved moves first",
                        new Setting(),
                        boots(BERT, FIRST),
                        restartWith(annas),
                        ask(discover(ANNA), "OFFER " + SECOND),
                        ask(renew(BERT, FIRST), "NAK WRONG_ADDRESS"),
                        boots(BERT, THIRD),
                        ask(discover(ANNA), "OFFER " + FIRST)),
                Row.of(
                        "an ended lease of another does not stand in the way",
                        new Setting(),
                        boots(BERT, FIRST),
                        pass(LEASE_TIME.plusSeconds(2)),
                        restartWith(annas),
                        boots(ANNA, FIRST),
                        recorded(BOUND, RECLAIMED, BOUND),
                        boots(BERT, SECOND)));
    }

    static Stream<Row> reclaiming() {
        Duration day = Duration.ofDays(1);
        Setting daily = new Setting().reclaimAfter(day);
        Duration over = day.plus(LEASE_TIME).plusSeconds(2);
        return Stream.of(
                Row.of(
                        "without a time for it, an ended lease is never reclaimed",
                        new Setting().pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        pass(Duration.ofDays(10_000)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(discover(BERT, FIRST), "SILENCE POOL_EXHAUSTED"),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN")),
                Row.of(
                        "the lease that ended the longest ago goes first, and not a moment too early",
                        daily,
                        boots(BERT, FIRST),
                        pass(Duration.ofSeconds(10)),
                        boots(ANNA, SECOND),
                        boots(CARL, THIRD),
                        pass(day.plus(LEASE_TIME).minusMillis(8500)),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED"),
                        pass(Duration.ofMillis(250)),
                        boots(DORA, FIRST),
                        ask(renew(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        recorded(BOUND, BOUND, BOUND, RECLAIMED, BOUND)),
                Row.of(
                        "an address that was nobody's goes before",
                        daily,
                        boots(ANNA, FIRST),
                        pass(over),
                        boots(BERT, SECOND),
                        ask(select(CARL, FIRST), "NAK ADDRESS_TAKEN"),
                        boots(ANNA, FIRST)),
                Row.of(
                        "an ended lease that may be reclaimed is still its machine's",
                        daily.pool(FIRST, 3),
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        boots(CARL, THIRD),
                        pass(over),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        boots(DORA, SECOND)),
                Row.of(
                        "an address being offered anew is kept from its former machine",
                        new Setting().reclaimAfter(day).pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        pass(over),
                        ask(discover(BERT), "OFFER " + FIRST),
                        ask(discover(ANNA), "SILENCE POOL_EXHAUSTED"),
                        ask(select(BERT, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RECLAIMED, BOUND)));
    }

    static Stream<Row> movedSettings() {
        Instant end = START.plus(LEASE_TIME);
        return Stream.of(
                Row.with(
                        "a lease outside the new pool is not renewed, and not forgotten",
                        new Setting(),
                        List.of(stored(ANNA, "10.0.0.50")),
                        ask(discover(BERT, "10.0.0.50"), "OFFER " + FIRST),
                        ask(renew(ANNA, "10.0.0.50"), "NAK WRONG_ADDRESS"),
                        boots(ANNA, SECOND),
                        recorded(MOVED, BOUND)),
                Row.with(
                        "a lease of a renamed network stays its machine's",
                        new Setting(),
                        List.of(new Lease(
                                Ipv4.parse(FIRST),
                                "former name",
                                plain(ANNA).client(),
                                Optional.empty(),
                                false,
                                Lease.State.BOUND,
                                START,
                                end)),
                        ask(discover(BERT), "OFFER " + SECOND),
                        boots(ANNA, FIRST)),
                Row.with(
                        "two leases of one machine become one",
                        new Setting(),
                        List.of(
                                stored(ANNA, FIRST),
                                stored(ANNA, SECOND, Lease.State.BOUND, START, end.plusSeconds(9)),
                                stored(ANNA, THIRD, Lease.State.RELEASED, START, end)),
                        ask(discover(BERT), "OFFER " + THIRD),
                        pass(OFFER_TIMEOUT),
                        boots(ANNA, SECOND),
                        recorded(MOVED, MOVED, RENEWED),
                        boots(BERT, FIRST)));
    }
}
