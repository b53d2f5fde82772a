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
        Choices(members, "sync", SyncObject.All.Keys);
        Choices(members, "mode", ["upsert", "insert", "update", "mirror"]);
        Choices(members, "adopt", ["unique", "never", "marker"]);
        Choices(members, "changed", ["mapped", "whole"]);
        Choices(members, "vanished", ["archive", "keep", "delete"]);
        Choices(members, "gone", ["recreate", "reject", "forget"]);
        Choices(members, "onDoubleKey", ["reject", "last"]);
        Choices(members, "drift", ["ignore", "report", "repair"]);
        members["marker"]!["oneOf"] = JsonNode.Parse("""
            [{"enum": ["none", "note", "description"]}, {"type": "object", "required": ["customField"], "additionalProperties": false, "properties": {"customField": {"type": "string"}}}]
            """);
        Choices(members, "method", ["POST", "PUT", "PATCH", "DELETE", "GET"]);
        Choices(members, "contentType", ["json", "xml", "form", "multipart"]);
        Choices(members, "updateMode", ["replace", "merge"]);
        Choices(members, "unknownAttributes", ["reject", "warn", "ignore"]);
        Choices(members, "whenGone", ["delivered", "rejected"]);
        Choices(members, "validation", ["reject", "warn", "off"]);
        Choices(members, "onUnknown", ["verify", "resend", "quarantine"]);
        Choices(members["batching"]!["properties"]!["grouping"]!["properties"]!.AsObject(), "kind", ["array", "property", "attribute"]);
        members["headers"]!["type"] = new JsonArray("string", "object");
        members["mapping"]!["additionalProperties"] = JsonNode.Parse("""
            {"oneOf": [
              {"type": "string", "description": "An attribute of the record, by name or dotted path."},
              {"type": "object", "required": ["value"], "additionalProperties": false, "properties": {"value": {"description": "A constant."}}},
              {
                "type": "object",
                "description": "An attribute, and how its value is written.",
                "oneOf": [{"required": ["from"]}, {"required": ["date"]}],
                "additionalProperties": false,
                "properties": {
                  "from": {"type": "string", "description": "An attribute of the record."},
                  "date": {"type": "string", "description": "For a date and time: the attribute with the date."},
                  "time": {"type": "string", "description": "The attribute with the time of day, beside date."},
                  "format": {"type": "string", "description": "A .NET pattern of dates, or of date and time with a space between, for example dd.MM.yyyy HH:mm. Default: ISO 8601."},
                  "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "description": "The time of day of a date that has none."},
                  "unit": {"enum": ["hours", "minutes", "seconds"], "description": "Of a duration that is a bare number. Default hours."},
                  "culture": {"type": "string", "description": "The language, or language and country, of numbers and of the names of months, for example de or de-CH. Default: English names, and a dot or a comma before decimals."},
                  "split": {"type": "string", "minLength": 1, "maxLength": 10, "description": "What separates the items of a list in one text."},
                  "type": {"enum": ["text", "texts", "dateTime", "date", "time", "duration", "boolean", "integer", "number"], "description": "What the value becomes. For manual configuration; fields of an endpoint have their types."}
                }
              }
            ]}
            """);

        members["references"]!["additionalProperties"] = new JsonObject
        {
            ["oneOf"] = new JsonArray(
                JsonNode.Parse("""{"type": "string", "description": "The attribute that identifies the object."}"""),
                References(),
                JsonNode.Parse("""{"type": "object", "title": "Custom fields", "description": "The name of each, and the attribute with its value.", "additionalProperties": {"type": "string"}}""")),
        };

        schema["additionalProperties"] = false;
        schema["required"] = new JsonArray("credential");
        schema["oneOf"] = new JsonArray(
            new JsonObject { ["title"] = "Endpoint", ["required"] = new JsonArray("endpoint"), ["properties"] = new JsonObject { ["url"] = false, ["method"] = false } },
            new JsonObject { ["title"] = "Synchronization", ["required"] = new JsonArray("sync", "key"), ["properties"] = new JsonObject { ["endpoint"] = false, ["url"] = false, ["method"] = false } },
            new JsonObject { ["title"] = "Manual configuration", ["required"] = new JsonArray("method", "url"), ["properties"] = new JsonObject { ["endpoint"] = false, ["sync"] = false } });
        schema["allOf"] = new JsonArray([.. EndpointTemplate.All.Select(InputsOf)]);
        schema["examples"] = JsonNode.Parse("""
            [
              {"credential": "default", "endpoint": "createTimeEntry", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301"}, "timeZone": "Europe/Berlin", "mapping": {"start": {"date": "Day", "time": "From", "format": "dd.MM.yyyy HH:mm"}, "duration": "Hours", "billable": {"value": true}}},
              {"credential": "default", "endpoint": "createTimeEntryForUser", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301"}, "references": {"user": "E-mail", "client": "Customer", "project": {"from": "Project", "within": "client", "missing": "create"}, "tags": {"from": "Labels", "split": ";"}}},
              {"credential": "default", "endpoint": "updateTask", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301", "projectId": "{record.project.id}"}, "idFrom": "task.id", "updateMode": "merge"},
              {"credential": "default", "sync": "projects", "inputs": {"workspaceId": "64a687e29ae1f428e7ebe301"}, "key": "{record.system}/{record.id}", "mode": "mirror", "mapping": {"name": "title", "note": "summary"}},
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

    private static JsonObject References()
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(DestinationJson.Web.ReferenceConfig, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform }).AsObject();
        var members = schema["properties"]!.AsObject();
        Choices(members, "by", ["name", "email", "key", "id"]);
        Choices(members, "missing", ["reject", "create", "omit"]);
        Choices(members, "archived", ["use", "reject", "restore"]);
        schema["required"] = new JsonArray("from");
        schema["additionalProperties"] = false;
        return schema;
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
                        ["required"] = new JsonArray([.. inputs.Where(input => input.Required && template.Slots.All(slot => slot.Field != input.Name)).Select(input => (JsonNode)input.Name)]),
                        ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. inputs.Select(input => (JsonNode)input.Name)]) },
                        ["properties"] = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)new JsonObject { ["description"] = input.Description }))),
                    },
                },
            },
        };
    }
}
