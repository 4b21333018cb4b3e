package io.podnet.overlay.address;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a block is written in the store. */
final class BlockText {
    private static final String NODE = "node";
    private static final String TOKEN = "token";
    private static final String ALLOCATIONS = "allocations";
    private static final String FREE = "free";
    private static final String SANDBOX = "sandboxId";
    private static final String INTERFACE = "ifName";
    private static final String COMMITTED = "committed";

    private BlockText() {}

    static Block read(Entry entry) {
        Cidr cidr = StoreKey.cidrOf(entry.key().name());
        StoredJson json = StoredJson.of(entry);
        int size = 1 << Math.min(30, cidr.family().bits() - cidr.prefixLength());
        SortedMap<Integer, Block.Holding> allocations = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each : json.object().path(ALLOCATIONS).properties()) {
            if (!each.getKey().matches("0|[1-9][0-9]{0,8}") || !(each.getValue() instanceof ObjectNode holding)) {
                throw json.broken(ALLOCATIONS, "no object of numbers and objects");
            }
            StoredJson fields = new StoredJson(entry.key(), holding);
            allocations.put(
                    Integer.valueOf(each.getKey()),
                    new Block.Holding(
                            new AttachmentId(fields.text(SANDBOX), fields.text(INTERFACE)),
                            holding.path(COMMITTED).asBoolean()));
        }
        List<Integer> free = new ArrayList<>();
        json.object().path(FREE).forEach(each -> free.add(each.asInt(-1)));
        boolean sound = free.stream().distinct().count() == free.size()
                && free.stream().allMatch(each -> each >= 0 && each < size && !allocations.containsKey(each))
                && allocations.keySet().stream().allMatch(each -> each < size);
        if (!sound) {
            throw json.broken(FREE, "no list of the block's other addresses");
        }
        return new Block(cidr, json.text(NODE), json.number(TOKEN), allocations, free);
    }

    /** Writes a block over what was read. */
    static String write(Block block, ObjectNode before) {
        ObjectNode json = before.deepCopy();
        json.put(NODE, block.node());
        json.put(TOKEN, block.token());
        JsonNode known = json.path(ALLOCATIONS);
        ObjectNode allocations = StoredJson.empty();
        block.allocations().forEach((ordinal, holding) -> {
            ObjectNode fields = allocations.putObject(Integer.toString(ordinal));
            if (known.get(Integer.toString(ordinal)) instanceof ObjectNode earlier
                    && earlier.path(SANDBOX).asText().equals(holding.owner().sandboxId())
                    && earlier.path(INTERFACE).asText().equals(holding.owner().ifName())) {
                fields.setAll(earlier);
            }
            fields.put(SANDBOX, holding.owner().sandboxId());
            fields.put(INTERFACE, holding.owner().ifName());
            fields.put(COMMITTED, holding.committed());
        });
        json.set(ALLOCATIONS, allocations);
        ArrayNode free = json.putArray(FREE);
        block.free().forEach(free::add);
        return json.toString();
    }
}
