using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Invoices, their items and payments. Percentages are answered in hundredths. The messages of refusals that are not documented are texts of the simulator.</summary>
internal static class InvoiceRoutes
{
    private const string Feature = "INVOICING", One = "/invoices/{id}";

    /// <summary>The valid item types are not documented. An unknown name is answered with 404.</summary>
    private static readonly string[] ItemTypes = ["Service", "Product"];

    private static readonly string[] Statuses = ["UNSENT", "SENT", "PAID", "PARTIALLY_PAID", "VOID", "OVERDUE"];

    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["clientId"] = MemberKind.Text,
        ["number"] = MemberKind.Text,
        ["currency"] = MemberKind.Text,
        ["issuedDate"] = MemberKind.Instant,
        ["dueDate"] = MemberKind.Instant,
        ["note"] = MemberKind.Text,
        ["subject"] = MemberKind.Text,
        ["taxPercent"] = MemberKind.Decimal,
        ["tax2Percent"] = MemberKind.Decimal,
        ["discountPercent"] = MemberKind.Decimal,
    };

    private static readonly Dictionary<string, MemberKind> ItemMembers = new()
    {
        ["description"] = MemberKind.Text,
        ["itemType"] = MemberKind.Text,
        ["quantity"] = MemberKind.Number,
        ["unitPrice"] = MemberKind.Number,
        ["applyTaxes"] = MemberKind.Text,
    };

    private static readonly Dictionary<string, MemberKind> PaymentMembers = new() { ["amount"] = MemberKind.Number, ["paymentDate"] = MemberKind.Instant, ["note"] = MemberKind.Text };

    private static readonly Dictionary<string, MemberKind> StatusMembers = new() { ["invoiceStatus"] = MemberKind.Text };

    private static readonly Dictionary<string, MemberKind> SearchMembers = new()
    {
        ["invoiceNumber"] = MemberKind.Text,
        ["strictSearch"] = MemberKind.Flag,
        ["page"] = MemberKind.Number,
        ["pageSize"] = MemberKind.Number,
    };

    private static Answer NotFound => Answer.Invalid("Invoice doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapFeature(world, Feature, "GET", "/invoices", List);
        routes.MapFeature(world, Feature, "GET", One, call => On(call, invoice => Answer.Ok(InvoiceView.Of(call, invoice))));
        routes.MapFeature(world, Feature, "GET", $"{One}/payments", call => On(call, invoice => Paging.Page(call, invoice.Payments, InvoiceView.Of)));
        routes.MapFeature(world, Feature, "POST", "/invoices/info", Search);
        MapManaged("POST", "/invoices", Create);
        MapManaged("PUT", One, call => On(call, invoice => Update(call, invoice)));
        MapManaged("POST", $"{One}/items", call => On(call, invoice => AddItem(call, invoice)));
        MapManaged("POST", $"{One}/payments", call => On(call, invoice => AddPayment(call, invoice)));
        MapManaged("DELETE", $"{One}/payments/{{paymentId}}", call => On(call, invoice => DeletePayment(call, invoice)));
        MapManaged("PATCH", $"{One}/status", call => On(call, invoice => SetStatus(call, invoice)));
        MapManaged("DELETE", One, call => On(call, invoice => Delete(call, invoice)));

        void MapManaged(string method, string pattern, Func<Call, Answer> handle) =>
            routes.MapFeature(world, Feature, method, pattern, call => call.Caller.Manages ? handle(call) : Answer.AccessDenied);
    }

    private static Answer List(Call call)
    {
        var page = Paging.Page(call, call.Workspace.Invoices.Values, invoice => InvoiceView.Of(call, invoice));
        return page.Status == 200 ? page with { Body = new JsonObject { ["total"] = call.Workspace.Invoices.Count, ["invoices"] = page.Body } } : page;
    }

    /// <summary>The number equal with strictSearch, else contained. Other filters are not simulated.</summary>
    private static Answer Search(Call call)
    {
        var (body, refused) = call.ReadBody(SearchMembers);
        if (body is null)
            return refused!;

        var (number, isStrict) = (body.Text("invoiceNumber") ?? "", body.Flag("strictSearch") == true);
        var found = call.Workspace.Invoices.Values
            .Where(invoice => number == "" || (isStrict ? invoice.Number == number : invoice.Number.Contains(number, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        return Answer.Ok(new JsonObject
        {
            ["total"] = found.Count,
            ["invoices"] = new JsonArray([.. Paging.Of(body, found).Select(invoice => InvoiceView.Of(call, invoice))]),
        });
    }

    /// <summary>Drops note, subject, taxes and discount.</summary>
    private static Answer Create(Call call)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, "clientId") is { } wrong)
            return wrong;

        var invoice = new Invoice(call.World.Ids.Next());
        WriteHead(invoice, body);
        call.Workspace.Invoices.Add(invoice.Id, invoice);
        return call.Applied(Answer.Created(InvoiceView.Head(invoice)), invoice.Id);
    }

    /// <summary>Clears what is left out.</summary>
    private static Answer Update(Call call, Invoice invoice)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, "taxPercent", "tax2Percent", "discountPercent") is { } wrong)
            return wrong;

        WriteHead(invoice, body);
        invoice.Note = body.Text("note") ?? "";
        invoice.Subject = body.Text("subject") ?? "";
        invoice.Tax = body.Decimal("taxPercent")!.Value * 100;
        invoice.Tax2 = body.Decimal("tax2Percent")!.Value * 100;
        invoice.Discount = body.Decimal("discountPercent")!.Value * 100;
        return call.Applied(Answer.Ok(InvoiceView.Of(call, invoice)));
    }

    private static Answer AddItem(Call call, Invoice invoice)
    {
        var (body, refused) = call.ReadBody(ItemMembers);
        if (body is null)
            return refused!;
        if (Missing(body, "description", "itemType", "quantity", "unitPrice", "applyTaxes") is { } missing)
            return missing;
        if (!ItemTypes.Contains(body.Text("itemType")))
            return Answer.Error(404, 404, "Item type doesn't exist");

        invoice.Items.Add(new Invoice.Item(body.Text("description")!, body.Text("itemType")!, body.Number("quantity")!.Value, body.Number("unitPrice")!.Value));
        return call.Applied(Answer.Ok(InvoiceView.Of(call, invoice)));
    }

    private static Answer AddPayment(Call call, Invoice invoice)
    {
        var (body, refused) = call.ReadBody(PaymentMembers);
        if (body is null)
            return refused!;
        if (Missing(body, "amount", "paymentDate") is { } missing)
            return missing;
        if (body.Number("amount") < 1)
            return Answer.Invalid("Amount has to be a positive value.");

        var payment = new Invoice.Payment(call.World.Ids.Next(), body.Number("amount")!.Value, body.Text("paymentDate")!, body.Text("note") ?? "");
        invoice.Payments.Add(payment);
        return call.Applied(Answer.Created(InvoiceView.Of(call, invoice)), payment.Id);
    }

    private static Answer DeletePayment(Call call, Invoice invoice) =>
        invoice.Payments.RemoveAll(payment => payment.Id == call.Route("paymentId")) > 0
            ? call.Applied(Answer.Ok(InvoiceView.Of(call, invoice)))
            : Answer.Invalid("Payment doesn't belong to Invoice");

    private static Answer SetStatus(Call call, Invoice invoice)
    {
        var (body, refused) = call.ReadBody(StatusMembers);
        if (body is null)
            return refused!;
        if (!Statuses.Contains(body.Text("invoiceStatus")))
            return Answer.Error(400, 3002, "JSON parse error: Cannot deserialize value of field `invoiceStatus`");

        invoice.Status = body.Text("invoiceStatus")!;
        return call.Applied(new Answer(200));
    }

    private static Answer Delete(Call call, Invoice invoice)
    {
        call.Workspace.Invoices.Remove(invoice.Id);
        return call.Applied(new Answer(200));
    }

    private static Answer On(Call call, Func<Invoice, Answer> handle) =>
        call.Workspace.Invoices.TryGetValue(call.Route("id"), out var invoice) ? handle(invoice) : NotFound;

    private static Answer? Refuse(Call call, Body body, params string[] alsoNeeded)
    {
        if (Missing(body, ["number", "currency", "issuedDate", "dueDate", .. alsoNeeded]) is { } missing)
            return missing;
        return body.Text("clientId") is { Length: > 0 } client && !call.Workspace.Clients.ContainsKey(client)
            ? Answer.Invalid("Client doesn't belong to Workspace")
            : null;
    }

    private static Answer? Missing(Body body, params string[] needed) =>
        needed.FirstOrDefault(name => !body.Has(name)) is { } missing ? Answer.Invalid($"{missing} must not be null") : null;

    private static void WriteHead(Invoice invoice, Body body)
    {
        invoice.Number = body.Text("number")!;
        invoice.ClientId = body.Text("clientId") ?? "";
        invoice.Currency = body.Text("currency")!;
        invoice.IssuedDate = body.Text("issuedDate")!;
        invoice.DueDate = body.Text("dueDate")!;
    }
}
