package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.DECLINED;
import static org.jbootd.domain.lease.LeaseChange.Kind.ENDED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client hears from the offer that it takes to the address that it gives back. */
class LeaseLifeTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource({"selecting", "rebooting", "renewing", "releasing", "declining"})
    void a_client_hears(Row row) {
        row.play();
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
}
