import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/lib/auth/options';
import { isSameOrigin } from '@/lib/auth/origin';
import { visitorOf } from '@/lib/auth/visitor';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

async function handler(request: NextRequest, context: Context): Promise<Response> {
  if (!isSameOrigin(request)) return new Response('This request comes from another site.', { status: 403 });
  return NextAuth(request, context, authOptions(visitorOf(request.headers)));
}

export { handler as GET, handler as POST };
