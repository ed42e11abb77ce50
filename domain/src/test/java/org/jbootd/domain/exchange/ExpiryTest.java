package org.jbootd.domain.exchange;

import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.DECLINED;
import static org.jbootd.domain.lease.LeaseChange.Kind.ENDED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jbootd.domain.exchange.Scene.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is over stands in nobody's way, whichever message notices it first. */
class ExpiryTest {

    static Stream<Row> rows() {
        return Stream.of(
                Row.of(
                        "an offer that is over holds its address against no REQUEST",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT),
                        ask(select(BERT, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "who gave its address back has it again once it is no longer on offer to another",
                        one(),
                        boots(BERT, FIRST),
                        ask(release(BERT, FIRST), "SILENCE DONE"),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(reboot(BERT, FIRST), "NAK WRONG_ADDRESS"),
                        pass(OFFER_TIMEOUT),
                        ask(reboot(BERT, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "an offer that is over leaves its address to a BOOTP client",
                        one(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        ask(bootp(BERT), "SILENCE POOL_EXHAUSTED"),
                        pass(OFFER_TIMEOUT),
                        ask(bootp(BERT), "BOOTREPLY " + FIRST + " 4294967295")),
                Row.of(
                        "an offer that is over leaves room in the subnet that was asked first",
                        one().onOneWire(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT),
                        ask(discover(BERT), "OFFER " + FIRST)),
                Row.of(
                        "a quarantine that is over is not cut short by the next one",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(BERT, SECOND),
                        pass(DECLINE_TIMEOUT.plusSeconds(1)),
                        ask(decline(BERT, SECOND), "SILENCE DONE"),
                        recorded(BOUND, DECLINED, BOUND, DECLINED)),
                Row.of(
                        "one that is not over is",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(BERT, SECOND),
                        pass(DECLINE_TIMEOUT.minusSeconds(1)),
                        ask(decline(BERT, SECOND), "SILENCE DONE"),
                        recorded(BOUND, DECLINED, BOUND, ENDED, DECLINED)),
                Row.of(
                        "a lease that was given back cannot be declined",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(decline(ANNA, FIRST), "SILENCE NOT_THE_HOLDER")),
                Row.of(
                        "it ends when the next one finds its address in use",
                        one(),
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        ask(discover(BERT), "OFFER " + FIRST),
                        ask(decline(BERT, FIRST), "SILENCE DONE"),
                        recorded(BOUND, RELEASED, RECLAIMED, DECLINED)),
                Row.of(
                        "an address that was given back is no reason to refuse a machine that is not known here",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(release(ANNA, FIRST), "SILENCE DONE"),
                        pass(Duration.ofSeconds(1)),
                        ask(reboot(BERT, FIRST), "SILENCE UNKNOWN_CLIENT")));
    }

    @Test
    void an_offer_is_over_when_its_machine_can_have_its_reserved_address() {
        Scene scene = new Scene(one().reserved(ANNA, "10.0.0.50"), stored(BERT, "10.0.0.50"));
        scene.play(List.of(
                pass(LEASE_TIME.minusSeconds(10)),
                ask(discover(ANNA), "OFFER " + FIRST),
                ask(discover(CARL), "SILENCE POOL_EXHAUSTED"),
                pass(Duration.ofSeconds(10)),
                ask(discover(ANNA), "OFFER 10.0.0.50"),
                ask(discover(CARL), "OFFER " + FIRST)));
    }

    private static Setting one() {
        return new Setting().pool(FIRST, 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void is_over(Row row) {
        row.play();
    }
}
