using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using KeypointPipeline.Api;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Shared.Tests.Api;

/// <summary>Derives the schemas of <c>openapi.json</c> from the types of bodies and answers.</summary>
internal static class OpenApiSchemas
{
    private const string Reference = "#/components/schemas/";

    /// <summary>Schemas of Durable Functions' own answers, which no type of the pipeline describes.</summary>
    private static readonly string[] OfDurable = ["InstanceStatus", "PurgedInstances"];

    private static readonly JsonSchemaExporterOptions Rules = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    private static readonly ILookup<string, Type> Types = typeof(ApiRoute).Assembly.GetExportedTypes().ToLookup(type => type.Name, StringComparer.Ordinal);

    /// <summary>Returns the document with the schemas that the code gives.</summary>
    public static JsonObject Update(JsonElement document)
    {
        JsonObject updated = JsonNode.Parse(document.GetRawText())!.AsObject();
        JsonObject components = updated["components"]!.AsObject();
        JsonObject stated = components["schemas"]!.AsObject();
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var open = new Queue<string>(References(updated["paths"]!));
        while (open.TryDequeue(out string? name))
        {
            if (schemas.ContainsKey(name))
                continue;
            schemas[name] = OfDurable.Contains(name, StringComparer.Ordinal) ? stated[name]!.DeepClone() : Export(name);
            foreach (string other in References(schemas[name]))
                open.Enqueue(other);
        }

        components["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value)));
        return updated;
    }

    private static JsonNode Export(string name)
    {
        Type type = Types[name] is { } found && found.Count() == 1
            ? found.First()
            : throw new InvalidOperationException($"openapi.json refers to {name}, and {Types[name].Count()} public types of shared/ have this name; one is needed.");
        JsonNode schema = PipelineJson.Compact.GetJsonSchemaAsNode(type, Rules);
        return WrittenOut(schema, schema)!;
    }

    /// <summary>The exporter refers to a type that occurred before by its place in the schema, which is another place in the document.</summary>
    private static JsonNode? WrittenOut(JsonNode? node, JsonNode schema) => node switch
    {
        JsonObject group when group["$ref"] is JsonValue place && !place.GetValue<string>().StartsWith(Reference, StringComparison.Ordinal) =>
            WrittenOut(place.GetValue<string>().Split('/').Skip(1).Aggregate(schema, (at, part) => at[part]!), schema),
        JsonObject group => new JsonObject(group.Select(member => KeyValuePair.Create(member.Key, WrittenOut(member.Value, schema)))),
        JsonArray list => new JsonArray([.. list.Select(item => WrittenOut(item, schema))]),
        _ => node?.DeepClone(),
    };

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (IsOwn(context.TypeInfo, type) && !context.Path.IsEmpty)
            return OrNull(new JsonObject { ["$ref"] = Reference + type.Name }, schema);
        if (context.PropertyInfo?.CustomConverter is { } converter && converter.Type is { } written && written.IsAssignableTo(typeof(IReadOnlyList<double?>)))
            return JsonNode.Parse("""{"type":["array","null"],"items":{"type":["number","null"]}}""")!;
        if (schema is not JsonObject described)
            return schema is JsonValue ? new JsonObject() : schema;
        if (described["properties"] is JsonObject properties && described["required"] is JsonArray required)
        {
            string[] always = [.. required.Select(name => name!.GetValue<string>()).Where(name => !AllowsNull(properties[name]!))];
            described.Remove("required");
            if (always.Length > 0)
                described["required"] = new JsonArray([.. always.Select(name => (JsonNode)name)]);
        }

        AllowNullItems(context, described);
        described.Remove("default");
        return described;
    }

    /// <summary>The exporter does not see whether the items of a list may be null.</summary>
    private static void AllowNullItems(JsonSchemaExporterContext context, JsonObject described)
    {
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property
            && new NullabilityInfoContext().Create(property).GenericTypeArguments is [{ ReadState: NullabilityState.Nullable }]
            && described["items"] is JsonObject items && items["type"] is JsonValue type)
        {
            items["type"] = new JsonArray(type.DeepClone(), "null");
        }
    }

    /// <summary>Types with a name in the document: those of the pipeline that become objects, and enumerations.</summary>
    private static bool IsOwn(JsonTypeInfo info, Type type) =>
        type.Assembly == typeof(ApiRoute).Assembly && !type.IsGenericType && (type.IsEnum || info.Kind == JsonTypeInfoKind.Object);

    private static JsonObject OrNull(JsonObject reference, JsonNode schema) =>
        AllowsNull(schema) ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;

    private static bool AllowsNull(JsonNode schema) => schema is JsonObject described
        && ((described["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
            || (described["enum"] is JsonArray values && values.Any(value => value is null))
            || described["anyOf"] is not null);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject group => group.SelectMany(member => member is { Key: "$ref", Value: JsonValue value } && value.GetValue<string>().StartsWith(Reference, StringComparison.Ordinal)
            ? [value.GetValue<string>()[Reference.Length..]]
            : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
