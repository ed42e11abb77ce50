package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.DECLINED;
import static org.jbootd.domain.lease.LeaseChange.Kind.ENDED;
import static org.jbootd.domain.lease.LeaseChange.Kind.MOVED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients hear. The comments name the rows of pybootd's behaviour and of RFC 2131 that a row is about. */
class DeskTest {

    private static final String FIRST = "10.0.0.100";
    private static final String SECOND = "10.0.0.101";
    private static final String THIRD = "10.0.0.102";

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "allocation",
        "selecting",
        "rebooting",
        "renewing",
        "releasing",
        "declining",
        "reservations",
        "reclaiming",
        "informing",
        "bootpClients",
        "networkBooters",
        "access",
        "storing",
        "movedSettings"
    })
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

    static Stream<Row> selecting() {
        return Stream.of(
                Row.of(
                        "a retransmitted REQUEST is ACKed again and recorded once",
                        boots(ANNA, FIRST),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        pass(Duration.ofSeconds(1)),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND)),
                Row.of(
                        "a copy that comes after the next request is recorded no more",
                        boots(ANNA, FIRST),
                        ask(selectIn(2, ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        ask(selectIn(3, ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        ask(selectIn(2, ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RENEWED, RENEWED)),
                Row.of(
                        "a later one gets a full lease, and that is recorded",
                        boots(ANNA, FIRST),
                        pass(Duration.ofSeconds(4)),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RENEWED)),
                Row.of(
                        "who takes another server's offer gets silence, and ours is free",
                        new Setting().pool(FIRST, 1),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(
                                new ClientMessage.Select(plain(ANNA), OTHER_SERVER, Ipv4.parse("10.0.0.50")),
                                "SILENCE NOT_OUR_SERVER"),
                        ask(discover(BERT), "OFFER " + FIRST),
                        recorded()),
                Row.of("a forgotten offer is as good", ask(select(ANNA, SECOND), "ACK " + SECOND + " 3600")),
                Row.of(
                        "an offer forgotten by a restart is as good",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        restart(),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "an address that another holds is refused",
                        boots(ANNA, FIRST),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "an address on offer to another is refused",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "an address of another network is refused",
                        ask(select(ANNA, "192.0.2.50"), "NAK WRONG_NETWORK")),
                Row.of(
                        "and so even without authority, since the client named us",
                        new Setting().notAuthoritative(),
                        ask(select(ANNA, "192.0.2.50"), "NAK WRONG_NETWORK")),
                Row.of(
                        "an address outside the pool is refused",
                        ask(select(ANNA, "10.0.0.50"), "NAK WRONG_ADDRESS"),
                        recorded()),
                Row.of(
                        "a holder does not get a second address",
                        boots(ANNA, FIRST),
                        ask(select(ANNA, SECOND), "NAK WRONG_ADDRESS"),
                        ask(select(ANNA, FIRST), "ACK " + FIRST + " 3600")));
    }

    private static ClientMessage selectIn(int exchange, String machine, String address) {
        return new ClientMessage.Select(
                request(machine, BootStage.OPERATING_SYSTEM, "lan", exchange), SELF, Ipv4.parse(address));
    }

    static Stream<Row> rebooting() {
        return Stream.of(
                Row.of(
                        "its own address is confirmed",
                        boots(ANNA, FIRST),
                        restart(),
                        ask(reboot(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RENEWED)),
                Row.of(
                        "its own address is confirmed after the lease ended",
                        boots(ANNA, FIRST),
                        pass(Duration.ofDays(2)),
                        ask(reboot(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "another address of a known machine is refused",
                        boots(ANNA, FIRST),
                        ask(reboot(ANNA, SECOND), "NAK WRONG_ADDRESS")),
                Row.of("the wrong network is refused", ask(reboot(ANNA, "192.0.2.10"), "NAK WRONG_NETWORK")),
                Row.of(
                        "the wrong network meets silence without authority",
                        new Setting().notAuthoritative(),
                        ask(reboot(ANNA, "192.0.2.10"), "SILENCE WRONG_NETWORK")),
                Row.of(
                        "an address that another holds is refused",
                        boots(ANNA, FIRST),
                        ask(reboot(BERT, FIRST), "NAK ADDRESS_TAKEN")),
                Row.of(
                        "an address that another holds meets silence without authority",
                        new Setting().notAuthoritative(),
                        boots(ANNA, FIRST),
                        ask(reboot(BERT, FIRST), "SILENCE ADDRESS_TAKEN")),
                Row.of(
                        "an unknown machine meets silence, and nothing is recorded",
                        ask(reboot(ANNA, FIRST), "SILENCE UNKNOWN_CLIENT"),
                        recorded()),
                Row.of(
                        "an offer is no record of a machine",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(reboot(ANNA, FIRST), "SILENCE UNKNOWN_CLIENT")));
    }

    static Stream<Row> renewing() {
        return Stream.of(
                Row.of(
                        "each renewal is a full lease and is recorded",
                        new Setting().leaseTime(Duration.ofSeconds(4)),
                        boots(ANNA, FIRST),
                        pass(Duration.ofSeconds(3)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 4"),
                        pass(Duration.ofSeconds(3)),
                        ask(rebind(ANNA, FIRST), "ACK " + FIRST + " 4"),
                        recorded(BOUND, RENEWED, RENEWED)),
                Row.of(
                        "a renewal with another xid is recorded, however early",
                        boots(ANNA, FIRST),
                        ask(
                                new ClientMessage.Renew(
                                        request(ANNA, BootStage.OPERATING_SYSTEM, "lan", 7), Ipv4.parse(FIRST)),
                                "ACK " + FIRST + " 3600"),
                        recorded(BOUND, RENEWED)),
                Row.of(
                        "somebody else's address is refused and its owner unharmed",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        ask(renew(BERT, FIRST), "NAK WRONG_ADDRESS"),
                        ask(rebind(BERT, FIRST), "NAK WRONG_ADDRESS"),
                        ask(renew(CARL, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of("an unknown machine meets silence", ask(renew(ANNA, FIRST), "SILENCE UNKNOWN_CLIENT")),
                Row.of("the wrong network is refused", ask(rebind(ANNA, "192.0.2.44"), "NAK WRONG_NETWORK")),
                Row.of(
                        "the wrong network meets silence without authority",
                        new Setting().notAuthoritative(),
                        ask(rebind(ANNA, "192.0.2.44"), "SILENCE WRONG_NETWORK")),
                Row.of(
                        "an ended lease that is kept is renewed",
                        boots(ANNA, FIRST),
                        pass(Duration.ofDays(100)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "a shorter lease time does not shorten what was promised before",
                        boots(ANNA, FIRST),
                        restartWith(
                                new Setting().leaseTime(Duration.ofSeconds(10)).reclaimAfter(Duration.ZERO)),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 10"),
                        pass(LEASE_TIME),
                        scene -> assertThat(scene.store.load().get(0).isLive(scene.now))
                                .isTrue()),
                Row.of(
                        "an infinite lease stays one",
                        new Setting()
                                .leaseTime(Lease.FOREVER)
                                .reclaimAfter(Duration.ZERO)
                                .pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        pass(Duration.ofDays(100_000)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 4294967295")));
    }

    static Stream<Row> releasing() {
        return Stream.of(
                Row.of(
                        "a released address is still its machine's",
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND),
                        restart(),
                        boots(ANNA, FIRST),
                        recorded(BOUND, RELEASED, BOUND)),
                Row.of(
                        "a released address goes to another when no other is left, the longest released first",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        boots(CARL, THIRD),
                        ask(release(BERT, SECOND), "SILENCE DONE"),
                        pass(Duration.ofSeconds(1)),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        boots(DORA, SECOND),
                        recorded(BOUND, BOUND, BOUND, RELEASED, RELEASED, RECLAIMED, BOUND),
                        ask(discover(BERT), "OFFER " + FIRST),
                        ask(discover(ANNA), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "a second copy of a RELEASE is recorded once",
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        recorded(BOUND, RELEASED)),
                Row.of(
                        "a stranger releases nothing",
                        boots(ANNA, FIRST),
                        ask(release(BERT, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(release(BERT, "10.0.0.50"), "SILENCE NOT_THE_HOLDER"),
                        recorded(BOUND)),
                Row.of(
                        "a RELEASE for another server does nothing",
                        boots(ANNA, FIRST),
                        ask(
                                new ClientMessage.Release(plain(ANNA), Optional.of(OTHER_SERVER), Ipv4.parse(FIRST)),
                                "SILENCE NOT_OUR_SERVER"),
                        recorded(BOUND)));
    }

    static Stream<Row> declining() {
        return Stream.of(
                Row.of(
                        "a declined address rests and its machine gets another",
                        new Setting().pool(FIRST, 20),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(ANNA, SECOND),
                        restart(),
                        ask(discover(BERT, FIRST), "OFFER " + THIRD),
                        pass(DECLINE_TIMEOUT.plusSeconds(1)),
                        ask(discover(CARL), "OFFER " + FIRST),
                        ask(select(CARL, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(BOUND, DECLINED, BOUND, ENDED, BOUND)),
                Row.of(
                        "an address on offer can be declined",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        ask(discover(ANNA), "OFFER " + SECOND),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(renew(BERT, FIRST), "NAK ADDRESS_TAKEN")),
                Row.of(
                        "a second copy of a DECLINE is recorded once",
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        recorded(BOUND, DECLINED)),
                Row.of(
                        "a stranger declines nothing",
                        boots(ANNA, FIRST),
                        ask(decline(BERT, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(decline(BERT, SECOND), "SILENCE NOT_THE_HOLDER"),
                        ask(decline(ANNA, "10.0.0.50"), "SILENCE NOT_THE_HOLDER"),
                        ask(
                                new ClientMessage.Decline(plain(ANNA), Optional.of(OTHER_SERVER), Ipv4.parse(FIRST)),
                                "SILENCE NOT_OUR_SERVER"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "who gave an address back cannot decline it while it is on offer to another",
                        new Setting().pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(discover(BERT), "OFFER " + FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(select(BERT, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "a tenth of the pool rests, the oldest goes back first",
                        new Setting().pool(FIRST, 20),
                        boots(ANNA, "10.0.0.100"),
                        ask(decline(ANNA, "10.0.0.100"), "SILENCE DONE"),
                        pass(Duration.ofMinutes(1)),
                        boots(ANNA, "10.0.0.101"),
                        ask(decline(ANNA, "10.0.0.101"), "SILENCE DONE"),
                        pass(Duration.ofMinutes(1)),
                        boots(ANNA, "10.0.0.102"),
                        ask(decline(ANNA, "10.0.0.102"), "SILENCE DONE"),
                        recorded(BOUND, DECLINED, BOUND, DECLINED, BOUND, ENDED, DECLINED),
                        ask(discover(ANNA), "OFFER 10.0.0.103"),
                        ask(discover(BERT, "10.0.0.100"), "OFFER 10.0.0.104")),
                Row.of(
                        "of three addresses a machine finds the one that nobody uses", // 2131-70
                        finds(ANNA, FIRST),
                        finds(ANNA, SECOND),
                        boots(ANNA, THIRD),
                        recorded(BOUND, DECLINED, BOUND, ENDED, DECLINED, BOUND)),
                Row.of(
                        "with all others in use, the address that was declined first is tried again",
                        finds(ANNA, FIRST),
                        finds(ANNA, SECOND),
                        finds(ANNA, THIRD),
                        finds(ANNA, FIRST),
                        boots(ANNA, SECOND)),
                Row.of(
                        "an address that was given back goes before one that was found in use",
                        boots(BERT, FIRST),
                        finds(ANNA, SECOND),
                        finds(ANNA, THIRD),
                        ask(release(BERT, FIRST), "SILENCE DONE"),
                        ask(discover(ANNA), "OFFER " + FIRST)),
                Row.of(
                        "in time a cut quarantine is over, too",
                        finds(ANNA, FIRST),
                        finds(ANNA, SECOND),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        boots(ANNA, FIRST)),
                Row.of(
                        "declines that are still being written count",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(discover(BERT), "OFFER " + SECOND),
                        holdStore(),
                        ask(decline(ANNA, FIRST), "..."),
                        ask(decline(BERT, SECOND), "SILENCE OVERLOADED"),
                        letStoreGo(),
                        ask(decline(BERT, SECOND), "SILENCE DONE"),
                        recorded(DECLINED, ENDED, DECLINED)),
                Row.of(
                        "a quarantined reserved address is not even its owner's",
                        new Setting().reserved(ANNA, "10.0.0.50"),
                        boots(ANNA, "10.0.0.50"),
                        ask(decline(ANNA, "10.0.0.50"), "SILENCE DONE"),
                        boots(ANNA, FIRST),
                        pass(DECLINE_TIMEOUT.plusSeconds(2)),
                        ask(renew(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        boots(ANNA, "10.0.0.50")));
    }

    /** A machine gets an address and finds it in use by a stranger. */
    private static Step finds(String machine, String inUse) {
        return scene -> {
            boots(machine, inUse).play(scene);
            ask(decline(machine, inUse), "SILENCE DONE").play(scene);
            pass(Duration.ofMinutes(1)).play(scene);
        };
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

    static Stream<Row> informing() {
        return Stream.of(
                Row.of(
                        "who has an address gets the rest, and no lease",
                        new Setting().pool(FIRST, 1),
                        ask(inform(ANNA, FIRST), "INFORMED " + FIRST),
                        ask(inform(ANNA, "10.0.0.50"), "INFORMED 10.0.0.50"),
                        recorded(),
                        boots(BERT, FIRST)),
                Row.of(
                        "an answer goes to no other network",
                        ask(inform(ANNA, "192.0.2.1"), "SILENCE WRONG_NETWORK"),
                        ask(inform(ANNA, "10.0.0.255"), "SILENCE WRONG_NETWORK"),
                        ask(inform(ANNA, "0.0.0.0"), "SILENCE WRONG_NETWORK")));
    }

    static Stream<Row> bootpClients() {
        return Stream.of(
                Row.of(
                        "a BOOTP client has its address for ever",
                        new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO),
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        recorded(BOUND),
                        pass(Duration.ofDays(100_000)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(bootp(BERT), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "a BOOTP client keeps the address it names if it can",
                        ask(
                                new ClientMessage.Bootp(plain(ANNA), Ipv4.parse(THIRD)),
                                "BOOTREPLY " + THIRD + " 4294967295")),
                Row.of(
                        "a machine that speaks both has one address",
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        boots(ANNA, FIRST)));
    }

    static Stream<Row> networkBooters() {
        Setting strict = new Setting().networkBootersOnly();
        ClientMessage pxeDiscover = new ClientMessage.Discover(firmware(ANNA), Optional.empty());
        ClientMessage pxeSelect = new ClientMessage.Select(firmware(ANNA), SELF, Ipv4.parse(FIRST));
        return Stream.of(
                Row.of(
                        "plain clients meet silence",
                        strict,
                        ask(discover(ANNA), "SILENCE SIMPLE_CLIENT"),
                        ask(select(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(reboot(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(renew(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(rebind(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(inform(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(bootp(ANNA), "SILENCE SIMPLE_CLIENT"),
                        recorded()),
                Row.of(
                        "a PXE DISCOVER opens the door for the operating system",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT.plusSeconds(1)),
                        boots(ANNA, FIRST),
                        ask(discover(BERT), "SILENCE SIMPLE_CLIENT")),
                Row.of("a PXE REQUEST needs no DISCOVER before it", strict, ask(pxeSelect, "ACK " + FIRST + " 3600")),
                Row.of(
                        "a machine that once booted is known after a restart, with its UUID",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        restart(),
                        pass(Duration.ofDays(400)),
                        boots(ANNA, FIRST),
                        scene -> assertThat(scene.asked)
                                .allSatisfy(request ->
                                        assertThat(request.client().uuid()).contains(ANNAS_UUID)),
                        scene -> assertThat(scene.store.load().get(0))
                                .satisfies(lease ->
                                        assertThat(lease.networkBooted()).isTrue())
                                .satisfies(lease ->
                                        assertThat(lease.client().uuid()).contains(ANNAS_UUID))),
                Row.of(
                        "a machine that declined its address is known after a restart",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        restart(),
                        boots(ANNA, SECOND)),
                Row.of(
                        "a machine that declined its address and got another is known after a restart",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(ANNA, SECOND),
                        restart(),
                        boots(ANNA, SECOND)),
                Row.of(
                        "who has a lease can give it back all the same",
                        new Setting(),
                        boots(ANNA, FIRST),
                        restartWith(strict),
                        ask(renew(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(release(ANNA, FIRST), "SILENCE DONE")));
    }

    static Stream<Row> access() {
        return Stream.of(
                Row.of(
                        "the denied get nothing, whatever they ask for",
                        boots(ANNA, FIRST),
                        denied(ANNA),
                        ask(discover(ANNA), "SILENCE DENIED"),
                        ask(select(ANNA, FIRST), "SILENCE DENIED"),
                        ask(reboot(ANNA, FIRST), "SILENCE DENIED"),
                        ask(renew(ANNA, FIRST), "SILENCE DENIED"),
                        ask(rebind(ANNA, FIRST), "SILENCE DENIED"),
                        ask(inform(ANNA, FIRST), "SILENCE DENIED"),
                        ask(bootp(ANNA), "SILENCE DENIED"),
                        boots(BERT, SECOND),
                        ask(release(ANNA, FIRST), "SILENCE DONE")),
                Row.of(
                        "whom no list names gets nothing",
                        scene -> scene.access = request ->
                                CompletableFuture.completedStage(new Verdict.Unlisted("not listed in [mac]")),
                        ask(discover(ANNA), "SILENCE DENIED"),
                        ask(select(ANNA, FIRST), "SILENCE DENIED")),
                Row.of(
                        "a reservation is no pass",
                        new Setting().reserved(ANNA, FIRST),
                        denied(ANNA),
                        ask(discover(ANNA), "SILENCE DENIED")));
    }

    static Stream<Row> storing() {
        return Stream.of(
                Row.of(
                        "no ACK before it is on disk, and the address is kept meanwhile",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        holdStore(),
                        ask(select(ANNA, FIRST), "..."),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        letStoreGo(),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "a store that fails costs the ACK and nothing else",
                        boots(ANNA, FIRST),
                        pass(Duration.ofMinutes(1)),
                        storeFails(true),
                        ask(discover(BERT), "OFFER " + SECOND),
                        ask(select(BERT, SECOND), "SILENCE STORE_UNAVAILABLE"),
                        ask(renew(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(release(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(decline(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(bootp(CARL), "SILENCE STORE_UNAVAILABLE"),
                        ask(inform(ANNA, FIRST), "INFORMED " + FIRST),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        storeFails(false),
                        ask(select(BERT, SECOND), "ACK " + SECOND + " 3600"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        ask(bootp(CARL), "BOOTREPLY " + THIRD + " 4294967295"),
                        recorded(BOUND, BOUND, RENEWED, BOUND)));
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
