package org.jbootd.domain.exchange;

import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.DORA;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.bootp;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.inform;
import static org.jbootd.domain.exchange.Scene.rebind;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.restart;
import static org.jbootd.domain.exchange.Scene.restartWith;

import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two subnets on one wire: lan, where requests are said to arrive, with one address, and annex with two. */
class SharedNetworkTest {

    private static Row row(String sentence, Step... steps) {
        return Row.of(sentence, setting(), steps);
    }

    private static Setting setting() {
        return new Setting().pool("10.0.0.100", 1).onOneWire();
    }

    static Stream<Row> rows() {
        return Stream.of(
                row(
                        "when one subnet is full the other one gives",
                        boots(ANNA, "10.0.0.100"),
                        boots(BERT, "10.0.9.100"),
                        boots(CARL, "10.0.9.101"),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED")),
                row(
                        "a machine keeps its address, whichever subnet that is of, and however often it asks",
                        boots(ANNA, "10.0.0.100"),
                        boots(BERT, "10.0.9.100"),
                        ask(release(ANNA, "10.0.0.100"), "SILENCE DONE"),
                        restart(),
                        ask(discover(BERT), "OFFER 10.0.9.100"),
                        ask(reboot(BERT, "10.0.9.100"), "ACK 10.0.9.100 3600"),
                        ask(renew(BERT, "10.0.9.100"), "ACK 10.0.9.100 3600"),
                        ask(rebind(BERT, "10.0.9.100"), "ACK 10.0.9.100 3600")),
                row(
                        "a machine has no second address by asking for one of the other subnet",
                        boots(ANNA, "10.0.0.100"),
                        ask(discover(ANNA, "10.0.9.100"), "OFFER 10.0.0.100"),
                        ask(select(ANNA, "10.0.9.100", "10.0.9.1"), "SILENCE NOT_OUR_SERVER"),
                        ask(reboot(ANNA, "10.0.9.100"), "NAK WRONG_NETWORK"),
                        recorded(LeaseChange.Kind.BOUND)),
                row(
                        "an offer in one subnet is asked for there",
                        ask(discover(ANNA), "OFFER 10.0.0.100"),
                        ask(discover(BERT), "OFFER 10.0.9.100"),
                        ask(select(BERT, "10.0.9.100", "10.0.9.1"), "ACK 10.0.9.100 3600"),
                        ask(discover(BERT), "OFFER 10.0.9.100")),
                row(
                        "the wish of a machine without an address decides between the subnets",
                        ask(discover(ANNA, "10.0.9.101"), "OFFER 10.0.9.101")),
                row(
                        "who took another server's offer gives ours back, wherever it was",
                        boots(ANNA, "10.0.0.100"),
                        ask(discover(BERT), "OFFER 10.0.9.100"),
                        ask(select(BERT, "10.0.0.77", "10.0.0.2"), "SILENCE NOT_OUR_SERVER"),
                        ask(discover(CARL), "OFFER 10.0.9.100")),
                Row.of(
                        "a reserved address goes before one that the machine has in the other subnet",
                        setting(),
                        boots(ANNA, "10.0.0.100"),
                        boots(BERT, "10.0.9.100"),
                        restartWith(setting().reserved(BERT, "10.0.0.50")),
                        ask(discover(BERT), "OFFER 10.0.0.50")),
                row(
                        "what a machine tells of an address is about the subnet that has it",
                        boots(ANNA, "10.0.0.100"),
                        boots(BERT, "10.0.9.100"),
                        ask(inform(BERT, "10.0.9.77"), "INFORMED 10.0.9.77"),
                        ask(decline(BERT, "10.0.9.100", "10.0.9.1"), "SILENCE DONE"),
                        ask(release(BERT, "10.0.9.100"), "SILENCE NOT_OUR_SERVER"),
                        recorded(LeaseChange.Kind.BOUND, LeaseChange.Kind.BOUND, LeaseChange.Kind.DECLINED)),
                row(
                        "an old machine gets one, too",
                        boots(ANNA, "10.0.0.100"),
                        ask(bootp(BERT), "BOOTREPLY 10.0.9.100 4294967295")),
                Row.of(
                        "subnets that share nothing keep to themselves",
                        new Setting().pool("10.0.0.100", 1),
                        boots(ANNA, "10.0.0.100"),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(discover(CARL, "10.0.9.100"), "SILENCE POOL_EXHAUSTED")));
    }

    private static ClientMessage select(String machine, String address, String server) {
        return new ClientMessage.Select(Scene.plain(machine), Ipv4.parse(server), Ipv4.parse(address));
    }

    private static ClientMessage decline(String machine, String address, String server) {
        return new ClientMessage.Decline(Scene.plain(machine), Optional.of(Ipv4.parse(server)), Ipv4.parse(address));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void on_one_wire(Row row) {
        row.play();
    }
}
