package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Settings of name resolution, in configurations and results.
 *
 * @param nameservers addresses of servers, most wanted first; as they were written
 * @param domain the local domain; empty where there is none
 * @param search domains for short names
 * @param options options of the resolver
 */
public record CniDns(List<String> nameservers, String domain, List<String> search, List<String> options) {
    /** No settings. */
    public static final CniDns NONE = new CniDns(List.of(), "", List.of(), List.of());

    public CniDns {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    /**
     * Reads the settings.
     *
     * @param json the object
     * @return the settings
     * @throws CniException with code 7 where a field is of the wrong kind
     */
    public static CniDns read(JsonObject json) {
        return new CniDns(
                json.texts("nameservers"), json.text("domain").orElse(""), json.texts("search"), json.texts("options"));
    }

    /**
     * Tells whether there is any setting.
     *
     * @return true where there is none
     */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /**
     * Writes the settings.
     *
     * @return the object, without empty fields
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonObject.newNode();
        put(json, "nameservers", nameservers);
        if (!domain.isEmpty()) {
            json.put("domain", domain);
        }
        put(json, "search", search);
        put(json, "options", options);
        return json;
    }

    private static void put(ObjectNode json, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = json.putArray(name);
            texts.forEach(list::add);
        }
    }
}
