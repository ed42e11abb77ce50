package org.jbootd.domain.exchange;

import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.RECLAIMED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RELEASED;

import java.time.Duration;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a DISCOVER is offered while something that touches the address is on its way to disk. */
class WritesUnderWayTest {

    private static final Ipv4 ANNEX = Ipv4.parse("10.0.9.1");

    static Stream<Row> rows() {
        return Stream.of(
                Row.of(
                        "an address that was granted without an offer is offered to nobody else",
                        new Setting(),
                        holdStore(),
                        ask(select(ANNA, FIRST), "..."),
                        ask(discover(BERT), "OFFER " + SECOND),
                        ask(discover(CARL, FIRST), "OFFER 10.0.0.102"),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED"),
                        letStoreGo(),
                        recorded(BOUND)),
                Row.of(
                        "a machine is offered what it is about to have, although nothing was offered before",
                        new Setting(),
                        holdStore(),
                        ask(select(ANNA, SECOND), "..."),
                        ask(discover(ANNA), "OFFER " + SECOND)),
                Row.of(
                        "on a shared wire as well, whichever subnet it is of",
                        new Setting().onOneWire(),
                        holdStore(),
                        ask(new ClientMessage.Select(plain(ANNA), ANNEX, Ipv4.parse("10.0.9.101")), "..."),
                        ask(discover(ANNA), "OFFER 10.0.9.101")),
                Row.of(
                        "a machine that is declining an address is offered another one",
                        new Setting(),
                        boots(ANNA, FIRST),
                        holdStore(),
                        ask(decline(ANNA, FIRST), "..."),
                        ask(discover(ANNA), "OFFER " + SECOND)),
                Row.of(
                        "who is about to lose an ended lease is not offered what the other is about to have",
                        new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO),
                        boots(ANNA, FIRST),
                        pass(LEASE_TIME.plusSeconds(2)),
                        ask(discover(BERT), "OFFER " + FIRST),
                        holdStore(),
                        ask(select(BERT, FIRST), "..."),
                        ask(discover(ANNA), "SILENCE POOL_EXHAUSTED"),
                        letStoreGo(),
                        recorded(BOUND, RECLAIMED, BOUND)),
                Row.of(
                        "an address that is being given back is no one else's yet",
                        new Setting().pool(FIRST, 1),
                        boots(ANNA, FIRST),
                        holdStore(),
                        ask(release(ANNA, FIRST), "..."),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        letStoreGo(),
                        recorded(BOUND, RELEASED),
                        ask(discover(BERT), "OFFER " + FIRST)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void under_way(Row row) {
        row.play();
    }
}
