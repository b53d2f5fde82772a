using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Api;

/// <summary>
/// The JSON schema of a destination's config, so that editors complete and check it. Generated from the types that read the
/// config and from the endpoint catalog; only what a type cannot say (choices, shapes of free members, examples) is added here.
/// </summary>
internal static class DestinationSchema
{
    private static readonly Lazy<string> Generated = new(() => Generate().ToJsonString(new() { WriteIndented = true }));

    public static string Text => Generated.Value;

    private static JsonObject Generate()
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(DestinationJson.Web.DestinationConfig, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Transform,
        }).AsObject();
        var members = schema["properties"]!.AsObject();
        Choices(members, "endpoint", EndpointTemplate.All.Select(template => template.Name));
        Choices(members, "method", ["POST", "PUT", "PATCH", "DELETE", "GET"]);
        Choices(members, "contentType", ["json", "xml", "form", "multipart"]);
        Choices(members, "updateMode", ["replace", "merge"]);
        Choices(members, "whenGone", ["delivered", "rejected"]);
        Choices(members, "validation", ["reject", "warn", "off"]);
        Choices(members, "onUnknown", ["verify", "resend", "quarantine"]);
        Choices(members["batching"]!["properties"]!["grouping"]!["properties"]!.AsObject(), "kind", ["array", "property", "attribute"]);
        members["headers"]!["type"] = new JsonArray("string", "object");
        members["mapping"]!["additionalProperties"] = JsonNode.Parse("""
            {"oneOf": [
              {"type": "string", "description": "An attribute of the record, by name or dotted path."},
              {"type": "object", "required": ["value"], "additionalProperties": false, "properties": {"value": {"description": "A constant."}}}
            ]}
            """);

        schema["additionalProperties"] = false;
        schema["required"] = new JsonArray("credential");
        schema["oneOf"] = new JsonArray(
            new JsonObject { ["title"] = "Endpoint", ["required"] = new JsonArray("endpoint"), ["properties"] = new JsonObject { ["url"] = false, ["method"] = false } },
            new JsonObject { ["title"] = "Manual configuration", ["required"] = new JsonArray("method", "url"), ["properties"] = new JsonObject { ["endpoint"] = false } });
        schema["allOf"] = new JsonArray([.. EndpointTemplate.All.Select(InputsOf)]);
        schema["examples"] = JsonNode.Parse("""
            [
              {"credential": "default", "endpoint": "createTimeEntry", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301"}, "timeZone": "Europe/Berlin", "mapping": {"start": "Start time", "billable": {"value": true}}},
              {"credential": "default", "endpoint": "updateTask", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301", "projectId": "{record.project.id}"}, "idFrom": "task.id", "updateMode": "merge"},
              {"credential": "default", "method": "POST", "url": "https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe301/tags", "headers": {"X-Source": "crm"}, "excludeAttributes": ["internal"]}
            ]
            """);
        var document = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Destination" };
        foreach (var (name, value) in schema.ToArray())
        {
            schema.Remove(name);
            document[name] = value;
        }

        return document;
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var description = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
        if (description is null) return node;
        var described = node as JsonObject ?? [];
        described.Insert(0, "description", description);
        return described;
    }

    private static void Choices(JsonObject members, string name, IEnumerable<string> values)
    {
        var member = members[name]!.AsObject();
        member.Remove("type");
        member["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }

    /// <summary>The inputs that an endpoint accepts and requires.</summary>
    private static JsonObject InputsOf(EndpointTemplate template)
    {
        var inputs = template.Inputs.Select(InputView.Of).ToArray();
        return new JsonObject
        {
            ["if"] = new JsonObject { ["required"] = new JsonArray("endpoint"), ["properties"] = new JsonObject { ["endpoint"] = new JsonObject { ["const"] = template.Name } } },
            ["then"] = new JsonObject
            {
                ["description"] = $"{template.Title}: {template.Description} {template.Verb} {template.Path}",
                ["required"] = new JsonArray("inputs"),
                ["properties"] = new JsonObject
                {
                    ["inputs"] = new JsonObject
                    {
                        ["required"] = new JsonArray([.. inputs.Where(input => input.Required).Select(input => (JsonNode)input.Name)]),
                        ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. inputs.Select(input => (JsonNode)input.Name)]) },
                        ["properties"] = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)new JsonObject { ["description"] = input.Description }))),
                    },
                },
            },
        };
    }
}
