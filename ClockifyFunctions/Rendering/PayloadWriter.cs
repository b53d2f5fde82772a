using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Writes the payload: the record with attributes excluded, renamed, added and converted. All other values stay unchanged, byte for byte.</summary>
internal sealed class PayloadWriter
{
    private readonly Destination _destination;
    private readonly RenderContext _context;
    private readonly ICollection<Problem> _errors, _refusals;
    private readonly ValueWriter _values;
    private readonly AddedDuration? _added;

    /// <param name="errors">Receives problems of values that cannot be converted. These values are written unchanged.</param>
    /// <param name="refusals">Receives problems for which the record is refused even if the destination's validation is off.</param>
    public PayloadWriter(Destination destination, in RenderContext context, ICollection<Problem> errors, ICollection<Problem> refusals)
    {
        (_destination, _context, _errors, _refusals) = (destination, context, errors, refusals);
        _values = new ValueWriter(destination, context, errors) { IsChanged = destination.Reshapes };
        _added = destination is { Converts: true, Endpoint.Adds: { } rule } ? new AddedDuration(rule) : null;
    }

    /// <inheritdoc cref="ValueWriter.Reported"/>
    public IReadOnlySet<string> Reported => _values.Reported;

    /// <param name="record">The text of the record. It is also the payload if nothing changes.</param>
    /// <returns>Null if the payload would be too large.</returns>
    public ReadOnlyMemory<byte>? Write(RawJson record)
    {
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        writer.WriteStartObject();
        foreach (var member in _context.Record.EnumerateObject())
            if (!_destination.MappedNames.Contains(member.Name) && !_destination.Excluded.Contains(member.Name))
                WriteField(writer, member.Name, member.Value, member.Name, _destination.Endpoint?.Field(member.Name), ValueOptions.None);
        foreach (var source in _destination.Mapping)
        {
            if (writer.BytesCommitted + writer.BytesPending > Template.MostBytes)
            {
                _refusals.Add(Template.TooLarge);
                return null;
            }

            WriteMapped(writer, source);
        }

        ReferenceFields.Write(writer, _destination, _context, _errors);
        if (_destination.Endpoint is { ListsFields: true } endpoint) WriteLists(writer, endpoint);
        if (_added is { IsGiven: true }) WriteSum(writer, _added);
        writer.WriteEndObject();
        return _values.IsChanged ? rented.ToArray() : record.Utf8;
    }

    /// <summary>Writes the field that is calculated from a duration, such as the end. Writes nothing if the start field has a problem.</summary>
    private void WriteSum(Utf8JsonWriter writer, AddedDuration added)
    {
        if (Reported.Contains($"$.{added.Rule.To}")) _values.Reported.Add($"$.{added.Rule.Gives}");
        else WriteDerived(writer, added.Rule.Gives, added.Result());
    }

    private void WriteMapped(Utf8JsonWriter writer, FieldSource source)
    {
        var value = source.Value;
        var isThere = source.From is null || source.From.TryFind(_context.Record, out value);
        if (source.Time is not { } path)
        {
            if (isThere) WriteField(writer, source.Field, value, source.From?.Text, source.Type, source.Options);
            return;
        }

        var hasTime = path.TryFind(_context.Record, out var time);
        var (date, timeOfDay) = ("", "");
        if (isThere && hasTime && Macro.TryScalar(value, out date) && Macro.TryScalar(time, out timeOfDay)) WriteDerived(writer, source.Field, DateText.ToMoment(date.Trim(), timeOfDay.Trim(), source.Type!, source.Options, _context));
        else if (isThere || hasTime) WriteDerived(writer, source.Field, Converted.Refused($"needs a date in '{source.From!.Text}' and a time of day in '{path.Text}', and the record does not have both as texts; send both."));
    }

    /// <summary>Writes a calculated value. The record does not contain it, so there is no value to send if the calculation fails.</summary>
    private void WriteDerived(Utf8JsonWriter writer, string field, Converted converted)
    {
        if (converted.Problem is { } problem)
        {
            Refuse(field, problem);
            return;
        }

        if (converted.Json is not { } json) return;
        _added?.Note(field, json.Trim('"'));
        writer.WritePropertyName(field);
        writer.WriteRawValue(json);
    }

    /// <param name="path">Path of the value in the record, for exclusions; null for a constant.</param>
    private void WriteField(Utf8JsonWriter writer, string name, JsonElement value, string? path, TemplateField? field, ValueOptions options)
    {
        if (field?.Adds is not null && _added is not null)
        {
            _values.IsChanged = true;
            if (_added.Take(value, options) is not { } problem) return;
            Refuse(name, problem);
            _values.Reported.Add($"$.{_added.Rule.Gives}");
            return;
        }

        writer.WritePropertyName(name);
        var written = _values.Write(writer, value, $"$.{name}", path, field, options);
        if (written is not null) _added?.Note(name, written);
    }

    /// <summary>Writes the fields that list other fields of the payload, such as the fields that an update changes.</summary>
    private void WriteLists(Utf8JsonWriter writer, EndpointTemplate endpoint)
    {
        foreach (var field in endpoint.Fields)
        {
            if (field.Lists.Count == 0 || Has(field.Name)) continue;
            writer.WriteStartArray(field.Name);
            foreach (var (name, word) in field.Lists)
                if (Has(name)) writer.WriteStringValue(word);
            writer.WriteEndArray();
        }

        bool Has(string name) =>
            _destination.Mapping.FirstOrDefault(source => source.Field == name) is { } source ? source.From?.TryFind(_context.Record, out _) != false
            : _destination.References.FirstOrDefault(reference => reference.Slot?.Field == name) is { } reference ? _context.Resolved.Ids.ContainsKey(reference.Name)
            : _context.Record.TryGetProperty(name, out _) && !_destination.MappedNames.Contains(name) && !_destination.Excluded.Contains(name);
    }

    private void Refuse(string field, string problem)
    {
        _refusals.Add(new Problem($"$.{field}", problem));
        _values.Reported.Add($"$.{field}");
    }
}
