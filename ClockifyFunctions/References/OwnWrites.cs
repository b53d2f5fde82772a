using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>Updates the known lists with the objects that a destination has created, changed or deleted.</summary>
internal static class OwnWrites
{
    /// <param name="answer">The answer of a call that took effect.</param>
    public static void Note(Lists lists, Destination destination, RenderedRequest request, CallResult answer)
    {
        if (destination is not { Endpoint: { } endpoint, WorkspaceId: { } workspace } || EndpointCatalog.Lookups.GetValueOrDefault(endpoint.Object) is not { Says: not null, List: not null } lookup) return;
        var scope = lookup.IsListedByParent && Array.IndexOf(endpoint.Segments, $"{{{lookup.Within}}}") >= 0 ? EndpointPath.ValueOf(destination, request, $"{{{lookup.Within}}}") : null;
        if (lookup.IsListedByParent && scope is null) return;
        var key = new ListKey(workspace, lookup.Name, scope);
        if (lists.Find(key) is null) return;
        if (destination.Method == HttpMethod.Delete && endpoint.Id is { RefersTo: { } deleted } && deleted == lookup.Name) lists.Forget(key, EndpointPath.ValueOf(destination, request, "{id}"));
        else if (endpoint.Answer == AnswerShape.Entity && AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is { } entity) lists.Learn(key, entity);
    }
}
