package org.jbootd.domain.exchange;

import java.util.List;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.Lease;

/**
 * A case of a test: what it shows, and what happens in it.
 *
 * @param stored leases that are there before it begins
 */
record Row(String sentence, Setting setting, List<Lease> stored, List<Step> steps) {

    static Row of(String sentence, Setting setting, Step... steps) {
        return new Row(sentence, setting, List.of(), List.of(steps));
    }

    static Row of(String sentence, Step... steps) {
        return of(sentence, new Setting(), steps);
    }

    static Row with(String sentence, Setting setting, List<Lease> stored, Step... steps) {
        return new Row(sentence, setting, stored, List.of(steps));
    }

    void play() {
        new Scene(setting, stored.toArray(Lease[]::new)).play(steps);
    }

    @Override
    public String toString() {
        return sentence;
    }
}
