package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What became of {@code jbootd leases …}. */
record LeasesCall(int status, String out, String err) {

    /** In this process. */
    static LeasesCall of(DaemonLab lab, String... arguments) {
        return of(lab.configuration(), arguments);
    }

    /** In this process. */
    static LeasesCall of(Path configuration, String... arguments) {
        List<String> all = new ArrayList<>(List.of("leases", "-c", configuration.toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Jbootd.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(all.toArray(String[]::new));
        return new LeasesCall(status, out.toString(), err.toString());
    }

    JsonArray json() {
        assertThat(status).as(err).isZero();
        return JsonParser.parseString(out).getAsJsonArray();
    }

    JsonObject first() {
        return json().get(0).getAsJsonObject();
    }
}
