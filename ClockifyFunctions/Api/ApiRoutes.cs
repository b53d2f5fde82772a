using ClockifyFunctions.Hosting;
using ClockifyFunctions.Sending;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ClockifyFunctions.Api;

/// <summary>The HTTP API. The host checks the function key before it forwards a request, but for <c>health/live</c> (<c>Functions/Health</c>).</summary>
internal static class ApiRoutes
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.AddEndpointFilter(static (context, next) => QueryNames.Refuse(context.HttpContext.Request.Query, context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<QueryNames>()) is { } refusal
            ? ValueTask.FromResult<object?>(refusal) : next(context));
        api.MapSummaryApi();
        api.MapDestinationsApi();
        api.MapRecordsApi();
        api.MapPreviewApi();
        api.MapTestApi();
        api.MapStatusApi();
        api.MapQuarantineApi();
        routes.MapOpenApi("/api/openapi.json").NeedsNoStorage();
    }

    /// <summary>What <c>/api/openapi.json</c> says, generated from the routes.</summary>
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi(document =>
    {
        document.ShouldInclude = route => route.RelativePath is { } path && path.StartsWith("api/", StringComparison.Ordinal) && !path.StartsWith("api/console", StringComparison.Ordinal);
        document.AddDocumentTransformer((described, _, _) =>
        {
            described.Info = new() { Title = "ClockifyFunctions", Version = "1", Description = "Send the function key as x-functions-key." };
            described.Servers = []; // Wherever it was read from.
            return Task.CompletedTask;
        });
        // Its converter keeps to itself that it writes a string.
        document.CreateSchemaReferenceId = static type => type.Type == typeof(Utf8Text) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        document.AddSchemaTransformer(static (schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Utf8Text)) schema.Type = JsonSchemaType.String;
            return Task.CompletedTask;
        });
    });
}
